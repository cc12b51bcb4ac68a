/** "Recording" of the Export menu: a file that opens and replays without a model. */
import { messageOf } from '../../errors.ts';
import { writeRecording } from '../../formats/recording/write.ts';
import { notify } from '../../state/notices.ts';
import { playground } from '../../state/playground.ts';
import { downloadBlob } from '../ui/download.ts';

/** From this size on a file is packed: below, people may want to read it. */
const PACK_FROM_BYTES = 256 * 1024;

export async function saveRecording(): Promise<void> {
  try {
    const { name, blob } = await recordingFile(writeRecording(playground.shared()));
    downloadBlob(name, blob);
  } catch (error) {
    notify('error', `The export failed: ${messageOf(error)}`);
  }
}

/** A recording's text as a file, gzipped where it is large. */
export async function recordingFile(text: string): Promise<{ readonly name: string; readonly blob: Blob }> {
  const plain = new Blob([text], { type: 'application/json;charset=utf-8' });
  if (plain.size < PACK_FROM_BYTES) return { name: 'recording.rankscope.json', blob: plain };
  const packed = await new Response(plain.stream().pipeThrough(new CompressionStream('gzip'))).blob();
  return { name: 'recording.rankscope.json.gz', blob: new Blob([packed], { type: 'application/gzip' }) };
}
