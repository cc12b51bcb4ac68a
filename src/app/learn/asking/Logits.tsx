import { fixed } from '../frame/numbers.ts';
import type { Said } from './state.ts';

/** Bars reach so far on either side of 0; larger logits fill their half. */
const REACH = 3;

const share = (logit: number): number => (50 * Math.min(REACH, Math.abs(logit))) / REACH;

/** The two logits as bars about 0; a mark where they stood before the text was changed. */
export function Logits({ said, before }: { readonly said: Said; readonly before: Said | undefined }) {
  return (
    <dl className="asking-logits">
      {(['yes', 'no'] as const).map((word) => {
        const logit = said[word];
        const old = before?.[word];
        const moved = old !== undefined && Math.abs(old - logit) >= 0.005;
        return (
          <div key={word} data-factor={word === 'yes' ? 'tf' : 'length'}>
            <dt>{word === 'yes' ? 'Yes' : 'No'}</dt>
            <dd>
              <span className="asking-bar" aria-hidden="true">
                <span
                  style={{
                    insetInlineStart: `${logit < 0 ? 50 - share(logit) : 50}%`,
                    width: `${share(logit)}%`,
                  }}
                />
                {moved && <i style={{ insetInlineStart: `${50 + Math.sign(old) * share(old)}%` }} />}
              </span>
              <strong>{fixed(logit)}</strong>
              <span className="muted">{moved && `was ${fixed(old)}`}</span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
