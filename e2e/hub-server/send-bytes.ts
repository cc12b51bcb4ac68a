/** Sends a file's bytes: ranges, ETag, and what a fault does to them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Harm } from './faults.ts';

export async function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  content: Buffer,
  { etag, harm }: { readonly etag: string; readonly harm: Harm },
): Promise<void> {
  const body = harm.altered ? altered(content) : content;
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('ETag', `"${etag}"`);
  response.setHeader('Content-Type', 'application/octet-stream');
  const asked = harm.ignoreRange ? undefined : rangeOf(request.headers.range, body.length);
  if (asked === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${body.length}`);
    response.writeHead(416).end();
    return;
  }
  let [start, end] = asked ?? [0, body.length];
  if (asked) {
    if (harm.wrongRange) [start, end] = [Math.max(0, start - 1), end];
    response.setHeader('Content-Range', `bytes ${start}-${end - 1}/${body.length}`);
  }
  response.setHeader('Content-Length', end - start);
  response.writeHead(asked ? 206 : 200);
  if (request.method === 'HEAD') response.end();
  else await pour(response, body.subarray(start, end), harm);
}

async function pour(response: ServerResponse, body: Buffer, harm: Harm): Promise<void> {
  const most = Math.min(body.length, harm.cutAfter ?? Infinity, harm.stallAfter ?? Infinity);
  const closed = once(response, 'close');
  const piece = harm.bytesPerSecond ? Math.max(1, Math.ceil(harm.bytesPerSecond / 20)) : 65_536;
  for (let at = 0; at < most && !response.destroyed; at += piece) {
    const more = response.write(body.subarray(at, Math.min(at + piece, most)));
    if (harm.bytesPerSecond) await sleep(50);
    else if (!more) await Promise.race([once(response, 'drain'), closed]);
  }
  if (most === body.length) response.end();
  else if (harm.cutAfter !== undefined) {
    // What has been written shall arrive: the connection is ended, not reset, but before its time.
    await new Promise<void>((resolve) => response.socket?.end(resolve) ?? resolve());
    response.destroy();
  }
}

function once(response: ServerResponse, event: string): Promise<void> {
  return new Promise((resolve) => response.once(event, () => resolve()));
}

function altered(content: Buffer): Buffer {
  const other = Buffer.from(content);
  const middle = Math.floor(other.length / 2);
  if (other.length > 0) other[middle] = other[middle]! ^ 1;
  return other;
}

/** [start, end) of `bytes=a-b` or `bytes=a-`; undefined where no range was asked for. */
function rangeOf(
  header: string | undefined,
  size: number,
): readonly [number, number] | 'unsatisfiable' | undefined {
  const found = /^bytes=(\d+)-(\d*)$/.exec(header ?? '');
  if (!found) return undefined;
  const start = Number(found[1]);
  const end = found[2] ? Math.min(Number(found[2]) + 1, size) : size;
  return start >= size || end <= start ? 'unsatisfiable' : [start, end];
}
