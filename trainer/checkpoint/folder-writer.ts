/**
 * A checkpoint folder on disk, being written. Every file is written beside its place and renamed; `ranker.json`, which makes
 * the folder whole, at `commit`. A mark says meanwhile whose the folder is, and an earlier card goes first, so that it never
 * stands beside files that are not its own.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ByteSink, FolderWriter } from '../../src/bytes/byte-source.ts';
import { UNFINISHED } from '../node/atomic.ts';
import { ByteFile } from '../node/byte-file.ts';
import { markUnfinished, removeMark } from './own-folder.ts';
import { removeScratch } from './scratch-folder.ts';

const CARD = 'ranker.json';
const SCORER = /^scorer_\w+\.onnx(_data)?$/;

/** @param keepMark the folder stays marked as unfinished: weights without a card */
export function checkpointWriter(folder: string, { keepMark = false } = {}): FolderWriter {
  const opened = new Set<FileHandle>();
  /** Written paths, in place but for the card. */
  const written = new Set<string>();
  const place = (path: string) => join(folder, path === CARD ? `${CARD}.${process.pid}.tmp` : path);
  const begin = async () => {
    await removeScratch(folder);
    await markUnfinished(folder);
    await rm(join(folder, CARD), { force: true });
  };
  let begun: Promise<void> | undefined;
  return {
    name: folder.endsWith('/') ? folder : `${folder}/`,
    async create(path) {
      begun ??= begin();
      await begun;
      const final = place(path);
      await mkdir(dirname(final), { recursive: true });
      const temporary = path === CARD ? final : `${final}.${process.pid}.tmp`;
      const file = await open(temporary, 'w');
      opened.add(file);
      const finish = async () => {
        opened.delete(file);
        if (temporary !== final) await rename(temporary, final);
        written.add(path);
      };
      // On a full disk what cannot be finished must not take the room that is left.
      const abandon = async () => {
        opened.delete(file);
        await file.close().catch(() => {});
        await rm(temporary, { force: true }).catch(() => {});
      };
      return sinkOf(file, finish, abandon);
    },
    open: (path) => ByteFile.open(place(path)),
    async commit() {
      if (written.has(CARD)) await rename(place(CARD), join(folder, CARD));
      await removeStale(folder, written);
      if (!keepMark) await removeMark(folder);
    },
    async discard() {
      for (const file of opened) await file.close().catch(() => {});
      for (const path of written) await rm(place(path), { force: true });
      await removeUnfinished(folder);
      await rmdir(join(folder, 'onnx')).catch(() => {}); // only if it is empty
      // Files of an earlier checkpoint stay marked as ours, so that the same call can be made again.
      const left = await readdir(folder).catch(() => []);
      if (!left.every((name) => name.startsWith('.'))) return;
      await removeMark(folder);
      await rmdir(folder).catch(() => {});
    },
  };
}

function sinkOf(file: FileHandle, finish: () => Promise<void>, abandon: () => Promise<void>): ByteSink {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    async write(piece) {
      try {
        await file.writeFile(piece);
      } catch (error) {
        await abandon();
        throw error;
      }
      hash.update(piece);
      bytes += piece.length;
    },
    async close() {
      try {
        await file.sync();
      } finally {
        await file.close();
      }
      await finish();
      return { bytes, sha256: hash.digest('hex') };
    },
  };
}

/** Scorers of an earlier export would only be dead weight; what a killed one left beside its places goes, too. */
async function removeStale(folder: string, written: ReadonlySet<string>): Promise<void> {
  for (const file of await readdir(join(folder, 'onnx')).catch(() => [])) {
    if (SCORER.test(file) && !written.has(`onnx/${file}`)) await rm(join(folder, 'onnx', file));
  }
  await removeUnfinished(folder);
}

async function removeUnfinished(folder: string): Promise<void> {
  for (const inside of [folder, join(folder, 'onnx')]) {
    for (const file of await readdir(inside).catch(() => [])) {
      if (UNFINISHED.test(file)) await rm(join(inside, file), { force: true });
    }
  }
}
