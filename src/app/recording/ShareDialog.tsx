import { useMemo, useState } from 'react';
import { encode } from 'uqr';
import type { Recording } from '../../formats/recording/recording.ts';
import { writeRecording } from '../../formats/recording/write.ts';
import { LONGEST_LINK, LONGEST_QR, rankingsOnly, recordingLink } from '../../state/recording/link.ts';
import { CopyButton } from '../playground/CopyButton.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { downloadBlob } from '../ui/download.ts';
import { formatBytes, formatNumber } from '../ui/numbers.ts';
import { Segmented } from '../ui/Segmented.tsx';
import { recordingFile } from './save-recording.ts';

type What = 'whole' | 'rankings';

/** As a file, or in a link that holds all of it, and as its QR code. */
export function ShareDialog({
  recording,
  onClose,
}: {
  readonly recording: Recording;
  readonly onClose: () => void;
}) {
  const [what, setWhat] = useState<What>('whole');
  const file = useMemo(() => writeRecording(recording), [recording]);
  const link = useMemo(
    () => recordingLink(what === 'whole' ? recording : rankingsOnly(recording), location.href),
    [recording, what],
  );
  const fits = link.length <= LONGEST_LINK;
  return (
    <Dialog title="Share this run" onClose={onClose}>
      <p>
        It holds the query, the candidates’ texts and grades, and what the models said. Whoever opens it sees
        it without a model; nothing of theirs is replaced, and nothing runs by itself.
      </p>
      <h3>A file</h3>
      <p>
        <Button
          small
          onClick={async () => {
            const { name, blob } = await recordingFile(file);
            downloadBlob(name, blob);
          }}
        >
          Save file ({formatBytes(file.length)})
        </Button>
      </p>
      <h3>A link</h3>
      <Segmented<What>
        label="What the link holds"
        value={what}
        options={[
          { value: 'whole', label: 'All decisions, replayable' },
          { value: 'rankings', label: 'Rankings only' },
        ]}
        onChange={setWhat}
      />
      {fits ? (
        <>
          <p className="share-link">
            <input
              className="input mono"
              readOnly
              aria-label="Link"
              value={link}
              onFocus={(event) => event.target.select()}
            />
            <CopyButton
              text={link}
              name="Copy link"
              failed="The browser did not allow copying: select the link and copy it."
            />
          </p>
          <p className="muted">
            {formatNumber(link.length)} characters, of at most {formatNumber(LONGEST_LINK)}. All of it is in
            the link’s hash, which no server gets to see. Some programs cut long links; a file always arrives
            whole.
          </p>
          {link.length <= LONGEST_QR ? (
            <Qr text={link} />
          ) : (
            <p className="muted">
              Too long for a QR code, which holds {formatNumber(LONGEST_QR)} characters
              {what === 'whole' ? ': try “Rankings only”.' : '.'}
            </p>
          )}
        </>
      ) : (
        <p>
          It would be {formatNumber(link.length)} characters long; up to {formatNumber(LONGEST_LINK)} travel
          well.
          {what === 'whole' ? ' Take “Rankings only”, or the file.' : ' Take the file.'}
        </p>
      )}
    </Dialog>
  );
}

/** Dark on white in both themes: that is what cameras read. */
function Qr({ text }: { readonly text: string }) {
  const { data, size } = useMemo(() => encode(text, { ecc: 'L', border: 3 }), [text]);
  const path = data
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
  return (
    <svg
      className="share-qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label="QR code of the link"
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
