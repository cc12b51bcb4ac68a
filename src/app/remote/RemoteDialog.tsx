import { useState } from 'react';
import { readAddress } from '../../remote/address.ts';
import { remoteKey } from '../../state/remote/key.ts';
import {
  connectRemote,
  forgetRemote,
  remoteProblem,
  serviceNamed,
  useRemote,
} from '../../state/remote/remote.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextField } from '../ui/TextField.tsx';
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

interface Props {
  /** The service that is changed or forgotten; one that is not connected: another is added. */
  readonly id: string | null;
  /** What the button says. */
  readonly use: string;
  readonly onConnect: (id: string) => void;
  readonly onClose: () => void;
}

/** Address, model and key of a service. Nothing is sent by it. */
export function RemoteDialog({ id, use, onConnect, onClose }: Props) {
  const service = useRemote((s) => serviceNamed(id, s));
  const [endpoint, setEndpoint] = useState(service?.endpoint ?? '');
  const [model, setModel] = useState(service?.model ?? '');
  const [key, setKey] = useState(service ? remoteKey(service.id) : '');
  const [input, setInput] = useState(service?.price ? String(service.price.input) : '');
  const [output, setOutput] = useState(service?.price ? String(service.price.output) : '');
  const [remember, setRemember] = useState(service?.remembered ?? false);
  const [tried, setTried] = useState(false);
  const problem = remoteProblem({ endpoint, model }, key) ?? priceProblem(input, output);
  const host = hostOf(endpoint);
  const connect = (): void => {
    setTried(true);
    if (problem !== undefined) return;
    const price = readPrice(input);
    const prices = price === undefined ? null : { input: price, output: readPrice(output) ?? price };
    onConnect(connectRemote({ endpoint, model, price: prices }, key, remember));
    onClose();
  };
  return (
    <Dialog
      title="Remote model"
      onClose={onClose}
      actions={
        <>
          {service && (
            <Button
              onClick={() => {
                forgetRemote(service.id);
                onClose();
              }}
            >
              Forget it
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" onClick={connect}>
            {use}
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
          Any service with OpenAI-compatible chat (Ollama, llama.cpp and vLLM included) or Cohere-style
          rerank.
        </p>
        <TextField
          label="Address"
          hint="e.g. http://localhost:11434/v1"
          type="url"
          value={endpoint}
          onChange={setEndpoint}
        />
        <TextField label="Model" hint="The service’s name for it" value={model} onChange={setModel} />
        <TextField
          label="Key"
          hint="Where the service wants one. It goes to this address alone, and into no export, link or recording."
          type="password"
          value={key}
          onChange={setKey}
        />
        <div className="field-row">
          <TextField
            label="Price, input"
            hint="Per million tokens"
            inputMode="decimal"
            value={input}
            onChange={setInput}
          />
          <TextField
            label="Price, output"
            hint="Empty: as input"
            inputMode="decimal"
            value={output}
            onChange={setOutput}
          />
        </div>
        <label className="check">
          <input type="checkbox" checked={remember} onChange={(event) => setRemember(event.target.checked)} />
          Remember on this machine, including the key
        </label>
        <p className="field-hint">
          {remember
            ? 'Anyone who uses this browser profile can read it there.'
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
