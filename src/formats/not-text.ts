/** Files that people take for text, known by their first bytes, with what to do about each. */

const OTHERS: readonly (readonly [start: readonly number[], what: string])[] = [
  [[0x50, 0x4b, 3, 4], 'a zip archive (or an Office document)'],
  [[0x50, 0x4b, 5, 6], 'an empty zip archive'],
  [[0x50, 0x4b, 7, 8], 'a part of a zip archive'],
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], 'a 7z archive'],
  [[0x52, 0x61, 0x72, 0x21, 0x1a, 7], 'a RAR archive'],
  [[0x25, 0x50, 0x44, 0x46, 0x2d, 0x31, 0x2e], 'a PDF'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'packed with zstd'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'packed with xz'],
  [[4, 0x22, 0x4d, 0x18], 'packed with lz4'],
  [[0x5d, 0, 0, 0x80, 0], 'packed with lzma'],
  [[0x1f, 0x8b, 8], 'packed with gzip twice'],
  // "BZh", the block size, the magic number of a block or of the end.
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((size) =>
    [
      [0x31, 0x41, 0x59, 0x26],
      [0x17, 0x72, 0x45, 0x38],
    ].map((block) => [[0x42, 0x5a, 0x68, 0x30 + size, ...block], 'packed with bzip2'] as const),
  ),
  [[0x50, 0x41, 0x52, 0x31, 0x15], 'a Parquet file'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Office document'],
  [[0xff, 0xfe, 0, 0], 'in UTF-32'],
  [[0, 0, 0xfe, 0xff], 'in UTF-32'],
];

const GIT_LFS = Array.from('version https://git-lfs.', (c) => c.charCodeAt(0));

export const SAVE = 'Save it as text, CSV or JSON.';
/** Only what is packed can be unpacked: a PDF cannot. */
const adviceFor = (what: string): string =>
  /archive|packed/.test(what) ? 'Unpack it, or save it as text, CSV or JSON.' : SAVE;

export const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, i) => bytes[i] === byte);

/** What these bytes begin instead of text, as the rest of an error; undefined where they may be text. */
export function notText(bytes: Uint8Array): string | undefined {
  const other = OTHERS.find(([start]) => startsWith(bytes, start));
  if (other) return `it is ${other[1]}, not plain text. ${adviceFor(other[1])}`;
  if (!startsWith(bytes, GIT_LFS)) return undefined;
  return 'it only points to the file, which is in Git LFS. Fetch it with “git lfs pull”.';
}

export const TAR = `it is a tar archive, not plain text. ${adviceFor('archive')}`;
/** A tar archive begins with a file's name, which is text; its mark comes later. */
export const isTar = (bytes: Uint8Array): boolean =>
  startsWith(bytes.subarray(257), [0x75, 0x73, 0x74, 0x61, 0x72]);
