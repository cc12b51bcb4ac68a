import { useState } from 'react';
import { readAddress } from '../../../remote/address.ts';
import { remoteKey } from '../../../state/remote/key.ts';
import { connectRemote, forgetRemote, remoteProblem, useRemote } from '../../../state/remote/remote.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field } from '../../ui/Field.tsx';
import './remote.css';

/** A price as it was typed; undefined where it is no number from 0. */
function readPrice(text: string): number | undefined {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

const hostOf = (endpoint: string): string | undefined => {
  try {
    return readAddress(endpoint).host;
  } catch {
    return undefined;
  }
};

/** Address, model and key of a service for the Teacher column. Nothing is sent by it. */
export function RemoteDialog({ onClose }: { readonly onClose: () => void }) {
  const { choice, remembered } = useRemote();
  const [endpoint, setEndpoint] = useState(choice?.endpoint ?? '');
  const [model, setModel] = useState(choice?.model ?? '');
  const [key, setKey] = useState(remoteKey());
  const [input, setInput] = useState(choice?.price ? String(choice.price.input) : '');
  const [output, setOutput] = useState(choice?.price ? String(choice.price.output) : '');
  const [remember, setRemember] = useState(remembered);
  const [tried, setTried] = useState(false);
  const problem = remoteProblem({ endpoint, model }, key) ?? priceProblem(input, output);
  const host = hostOf(endpoint);
  const connect = (): void => {
    setTried(true);
    if (problem !== undefined) return;
    const price = readPrice(input);
    const prices = price === undefined ? null : { input: price, output: readPrice(output) ?? price };
    connectRemote({ endpoint, model, price: prices }, key, remember);
    onClose();
  };
  return (
    <Dialog
      title="Remote model"
      onClose={onClose}
      actions={
        <>
          {choice && (
            <Button
              onClick={() => {
                forgetRemote();
                onClose();
              }}
            >
              Forget it
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" onClick={connect}>
            Use as teacher
          </Button>
        </>
      }
    >
      <form
        className="remote-form"
        onSubmit={(event) => {
          event.preventDefault();
          connect();
        }}
      >
        <p>
          Any service with OpenAI-compatible chat (Ollama, llama.cpp and vLLM included) or Cohere-style rerank
          can be the teacher.
        </p>
        <Field label="Address" hint="e.g. http://localhost:11434/v1">
          {(ids) => (
            <input
              {...ids}
              className="input"
              type="url"
              autoComplete="off"
              spellCheck={false}
              value={endpoint}
              onChange={(event) => setEndpoint(event.target.value)}
            />
          )}
        </Field>
        <Field label="Model" hint="The service’s name for it">
          {(ids) => (
            <input
              {...ids}
              className="input"
              autoComplete="off"
              spellCheck={false}
              value={model}
              onChange={(event) => setModel(event.target.value)}
            />
          )}
        </Field>
        <Field
          label="Key"
          hint="Where the service wants one. It goes to this address alone, and into no export, link or recording."
        >
          {(ids) => (
            <input
              {...ids}
              className="input"
              type="password"
              autoComplete="off"
              value={key}
              onChange={(event) => setKey(event.target.value)}
            />
          )}
        </Field>
        <div className="field-row">
          <Field label="Price, input" hint="Per million tokens">
            {(ids) => (
              <input
                {...ids}
                className="input"
                inputMode="decimal"
                autoComplete="off"
                value={input}
                onChange={(event) => setInput(event.target.value)}
              />
            )}
          </Field>
          <Field label="Price, output" hint="Empty: as input">
            {(ids) => (
              <input
                {...ids}
                className="input"
                inputMode="decimal"
                autoComplete="off"
                value={output}
                onChange={(event) => setOutput(event.target.value)}
              />
            )}
          </Field>
        </div>
        <label className="check">
          <input type="checkbox" checked={remember} onChange={(event) => setRemember(event.target.checked)} />
          Remember on this machine, the key as well
        </label>
        <p className="field-hint">
          {remember
            ? 'Everybody who uses this browser profile can read it there.'
            : 'Address and key are forgotten when the page is closed.'}{' '}
          {host !== undefined && (
            <>
              Queries and their candidates go to <strong>{host}</strong> when you rank; you are asked before
              that, with the calls it takes.
            </>
          )}
        </p>
        {tried && problem !== undefined && (
          <p className="field-error" role="alert">
            {problem}
          </p>
        )}
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}

function priceProblem(input: string, output: string): string | undefined {
  const wrong = [input, output].some((text) => text.trim() !== '' && readPrice(text) === undefined);
  if (wrong) return 'A price is a number from 0, or nothing.';
  return output.trim() !== '' && input.trim() === '' ? 'Give the price of input as well.' : undefined;
}
