import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RankscopeError } from '../errors.ts';
import { decode1252, ENCODINGS, encodingOf } from './encodings.ts';
import { describeOpened, type OpenOptions, openText, TextOpener } from './opening.ts';

const FILE = 'in.csv';
const open = (bytes: Uint8Array, options: Partial<OpenOptions> = {}) =>
  openText(bytes, { file: FILE, ...options });
const utf8 = (text: string) => new TextEncoder().encode(text);
const bytesOf = (...parts: (string | readonly number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...utf8(part)] : part)));

/** Text as bytes of one of the encodings whose bytes are the characters' numbers. */
const western = (text: string) => Uint8Array.from(text, (c) => HIGH.get(c) ?? c.charCodeAt(0));
const HIGH = new Map(
  Array.from({ length: 32 }, (_, i) => [decode1252(Uint8Array.of(0x80 + i)), 0x80 + i] as const),
);

function utf16(text: string, big: boolean, mark: boolean): Uint8Array {
  const units = Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  const view = new DataView(new ArrayBuffer(2 * units.length));
  for (const [i, unit] of units.entries()) view.setUint16(2 * i, unit, !big);
  return bytesOf(mark ? (big ? [0xfe, 0xff] : [0xff, 0xfe]) : [], [...new Uint8Array(view.buffer)]);
}

/** The text however the bytes are cut. */
function inPieces(bytes: Uint8Array, cuts: readonly number[]): string {
  const opener = new TextOpener({ file: FILE });
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const parts = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
  return [...parts.flatMap((part) => [...opener.push(part)]), ...opener.finish()].join('');
}

const FRENCH =
  'id,text\r\nd1,Le café près de la gare est fermé\r\nd2,“L’été” – à Montréal… cœur, Zoë, über 5 €\r\n';

describe('opening', () => {
  it('reads UTF-8 exactly, packed or not, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).map((s) => s.replace(/[\u0000-\u0008\u000b-\u001f]/g, 'x')),
        fc.array(fc.nat()),
        fc.boolean(),
        fc.boolean(),
        (start, cuts, packed, marked) => {
          // A mark at the very start is one; anywhere else it is a character.
          const text = `Zoë ${start}\n`;
          const plain = bytesOf(marked ? [0xef, 0xbb, 0xbf] : [], text);
          expect(inPieces(packed ? gzipSync(plain) : plain, cuts)).toBe(text);
        },
      ),
    );
    const long = `${'plain '.repeat(100_000)}é${'\u{1f600}x'.repeat(100_000)}\ufeff`;
    expect(inPieces(utf8(long), [65_537, 600_001, 600_004, 900_003])).toBe(long);
    expect(open(utf8(long)).opened).toEqual({ gzip: false, encoding: 'utf-8', by: 'content' });
    expect(open(new Uint8Array(0)).text).toBe('');
    expect(open(Uint8Array.of(0x61)).text).toBe('a');
  });

  it.each([
    ['UTF-16 LE with a mark', utf16(FRENCH, false, true), 'utf-16le', 'mark'],
    ['UTF-16 BE with a mark', utf16(FRENCH, true, true), 'utf-16be', 'mark'],
    ['UTF-16 LE without one', utf16(FRENCH, false, false), 'utf-16le', 'content'],
    ['UTF-16 BE without one', utf16(FRENCH, true, false), 'utf-16be', 'content'],
    ['Windows-1252', western(FRENCH), 'windows-1252', 'content'],
    ['UTF-8 with a mark', bytesOf([0xef, 0xbb, 0xbf], FRENCH), 'utf-8', 'mark'],
  ] as const)('reads %s and says so, packed or not, however it is cut', (_, bytes, encoding, by) => {
    expect(open(bytes)).toEqual({ text: FRENCH, opened: { gzip: false, encoding, by } });
    expect(open(gzipSync(bytes))).toEqual({ text: FRENCH, opened: { gzip: true, encoding, by } });
    for (let cut = 0; cut <= bytes.length; cut++) expect(inPieces(bytes, [cut])).toBe(FRENCH);
  });

  it('finds Windows-1252 far behind plain ASCII', () => {
    const text = `${'plain text\n'.repeat(30_000)}Der Fluß über Straße und Köln\n${'more\n'.repeat(100_000)}`;
    expect(open(western(text)).text).toBe(text);
    expect(
      open(western('señor, ¿qué tal? ¡Olé! «São Paulo» 1º lugar, Ærø, Ångström, naïve')).opened.encoding,
    ).toBe('windows-1252');
  });

  // In Windows-1252 all of these are letters and signs, only not the right ones.
  it.each([
    ['Cyrillic (windows-1251)', [0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2], 'windows-1251', 'Привет'],
    [
      'Polish (windows-1250)',
      ['za', [0xbf, 0xf3, 0xb3], 'ta g', [0xea, 0x9c], 'l'],
      'windows-1250',
      'zażółta gęśl',
    ],
    [
      'Czech (windows-1250)',
      ['P', [0xf8, 0xed], 'li', [0x9a], ' ', [0x9e], 'lu'],
      'windows-1250',
      'Příliš žlu',
    ],
    [
      'Hungarian (windows-1250)',
      ['b', [0xf5], 'r ', [0xe9], 's h', [0xfb], 's'],
      'windows-1250',
      'bőr és hűs',
    ],
    [
      'Turkish (windows-1254)',
      ['a', [0xf0], 'a', [0xe7], ' k', [0xfd, 0xfe], 'lar'],
      'windows-1254',
      'ağaç kışlar',
    ],
    ['Greek (windows-1253)', [0xe1, 0xe2, 0xe3], 'windows-1253', 'αβγ'],
    ['Japanese (Shift_JIS)', [[0x93, 0xfa, 0x96, 0x7b, 0x8c, 0xea]], 'shift_jis', '日本語'],
    ['Chinese (GBK)', ['a ', [0xd6, 0xd0, 0xb9, 0xfa]], 'gb18030', 'a 中国'],
    ['Korean (EUC-KR)', [[0xbc, 0xad, 0xbf, 0xef]], 'euc-kr', '서울'],
    ['Mac Roman', ['caf', [0x8e], ' pr', [0x8f], 's'], 'macintosh', 'café près'],
  ] as const)('leaves %s to the user', (_, parts, encoding, text) => {
    const bytes = bytesOf(
      'id\ttext\nd1\t',
      ...(parts as readonly (string | number[])[]).flatMap((p) => (typeof p === 'number' ? [[p]] : [p])),
      '\n',
    );
    expect(() => open(bytes)).toThrow(
      /^in\.csv, line 2: the byte 0x[0-9A-F]{2} is not UTF-8, and the encoding cannot be determined/,
    );
    const right = { text: `id\ttext\nd1\t${text}\n`, opened: { gzip: false, encoding, by: 'choice' } };
    expect(open(bytes, { encoding })).toEqual(right);
    expect(open(bytes, { otherwise: encoding })).toEqual(right);
  });

  it('takes a chosen encoding, or one for what is not UTF-8 only', () => {
    expect(open(utf8('é '), { encoding: 'windows-1252' }).text).toBe('Ã© ');
    expect(open(utf8('é '), { otherwise: 'windows-1252' }).text).toBe('é ');
    expect(open(utf16('a', false, false), { otherwise: 'utf-16le' }).text).toBe('a');
    expect(open(bytesOf([0xef, 0xbb, 0xbf], 'é'), { encoding: 'windows-1252' }).text).toBe('é');
    expect(() => open(western('é '), { encoding: 'utf-8' })).toThrow(/line 1: the byte 0xE9 is not UTF-8/);
    expect(() => open(Uint8Array.of(0x61), { encoding: 'utf-16le' })).toThrow(
      /is not valid UTF-16 LE at its end/,
    );
  });

  it('never replaces a character: what is neither the one nor the other is an error with its line', () => {
    const mixed = bytesOf('é\n'.repeat(300_000), 'caf', [0xe9], ' noir\n');
    expect(() => open(mixed)).toThrow(
      /line 300001: the byte 0xE9 is not UTF-8, though the text around it is/,
    );
    expect(() => open(bytesOf('é\né\nab', [0xe9], ' c'))).toThrow(/line 3: the byte 0xE9/);
    expect(() => open(bytesOf('é\né\nab', [0xc3]))).toThrow(/line 3: it ends in the middle of a character/);
    expect(() => open(bytesOf('é\n'.repeat(300_000), [0xc3]))).toThrow(/line 300001: it ends in the middle/);
    const late = western(`${'café noir\n'.repeat(40_000)}x`);
    expect(() => open(bytesOf([...late], [0x81]))).toThrow(/line 40001: the byte 0x81/);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, packed) => {
        try {
          expect(open(packed ? gzipSync(bytes) : bytes).text).not.toMatch(/\ufffd/);
        } catch (error) {
          // U+FFFD may stand in the input itself.
          if (!(error instanceof RankscopeError)) expect([...bytes].join()).toContain('239,191,189');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('names what is no text', () => {
    const zip = bytesOf([0x50, 0x4b, 3, 4], 'x');
    expect(() => open(zip)).toThrow(/in\.csv: it is a zip archive .*Unpack it/);
    expect(() => open(gzipSync(zip))).toThrow(/zip archive/);
    expect(() => open(bytesOf('%PDF-1.7'))).toThrow(/a PDF, not plain text\. Save it as text/);
    expect(() => open(Uint8Array.from({ length: 500 }, (_, i) => i % 7))).toThrow(/it is not plain text/);
    const tar = new Uint8Array(1024).fill(0x61);
    tar.set(utf8('ustar'), 257);
    expect(() => open(tar)).toThrow(/tar archive/);
  });
});

describe('what is no plain text', () => {
  it.each([
    [[0x42, 0x5a, 0x68, 0x31, 0x31, 0x41, 0x59, 0x26], 'bzip2'],
    [[0x42, 0x5a, 0x68, 0x39, 0x17, 0x72, 0x45, 0x38], 'bzip2'],
    [[0x50, 0x4b, 5, 6, ...new Array<number>(18).fill(0)], 'an empty zip'],
    [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4], '7z'],
    [[0x52, 0x61, 0x72, 0x21, 0x1a, 7, 1, 0], 'RAR'],
    [[4, 0x22, 0x4d, 0x18, ...utf8('{"_id":"1","text":"a"}')], 'lz4'],
    [[...gzipSync(gzipSync('id\ttext\n'))], 'gzip twice'],
    [[...utf8('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 9\n')], 'Git LFS'],
    [[...utf8('id,text\n1,'), 0x1b, ...utf8('$BF|K\\'), 0x1b, ...utf8('(B\n')], 'line 2: .*ISO-2022-JP'],
  ])('is named: %#', (bytes, what) => {
    expect(() => open(Uint8Array.from(bytes))).toThrow(new RegExp(what));
  });

  it('but ISO-2022-JP is read where it is chosen', () => {
    const bytes = bytesOf('1,', [0x1b], '$BF|K\\', [0x1b], '(B\n');
    expect(open(bytes, { encoding: 'iso-2022-jp' }).text).toBe('1,日本\n');
    expect(open(bytes, { otherwise: 'iso-2022-jp' }).text).toBe('1,日本\n');
  });
});

describe('one word that is not ASCII', () => {
  it.each([
    ['“caf‚”, as DOS has café', [...utf8('caf'), 0x82]],
    ['“na‹ve”, as DOS has naïve', [...utf8('na'), 0x8b, ...utf8('ve')]],
    ['すし in Shift_JIS', [0x82, 0xb7, 0x82, 0xb5]],
    ['Żywiec in Windows-1250', [0xaf, ...utf8('ywiec')]],
  ])('is left to the user where Western text would not have it: %s', (_, word) => {
    for (const text of ['1,', '1,The ']) {
      const bytes = bytesOf(`id,text\n${text}`, word, ' is here.\n');
      expect(() => open(bytes)).toThrow(/line 2: .*is not UTF-8/);
      // However the bytes are cut.
      expect(() => inPieces(bytes, [bytes.indexOf(word.find((byte) => byte > 127)!)])).toThrow(
        /is not UTF-8/,
      );
    }
  });

  it('is read as Windows-1252 where it would', () => {
    for (const word of ['café', '“ok”', 'it’s', '5 €', 'São', '½ cup', '25°C', '£5', '„ja“', '1990–2000'])
      expect(open(western(`id,text\n1,The ${word} is here.\n`)).text).toContain(word);
  });
});

describe('UTF-16 without a mark', () => {
  it.each(['一つの日本語、　一般の文。', '서울은 대한민국의 수도', '中国的首都北京', 'naïve “café” 3 €'])(
    'is known by its line ends, also where characters end in a zero byte: %s',
    (words) => {
      const text = `id,text\n1,${words}\n2,${words}\n`;
      for (const big of [false, true]) expect(open(utf16(text, big, false)).text).toBe(text);
    },
  );
});

describe('gzip', () => {
  const part = (text: string) => gzipSync(utf8(text));

  it('reads files of several parts, and zeros after the end', () => {
    const whole = bytesOf([...part('one\n')], [...part('')], [...part('two é\n')], new Array(1000).fill(0));
    for (let cut = 0; cut < whole.length - 990; cut++)
      expect(inPieces(whole, [cut, cut + 1])).toBe('one\ntwo é\n');
  });

  it('says that a file is damaged, cut off, or goes on with something else', () => {
    const text = Array.from({ length: 3000 }, (_, i) => `line ${i * 7919}\n`).join('');
    const good = part(text);
    for (let at = 10; at < good.length; at += 97) {
      expect(() => open(good.subarray(0, at))).toThrow(/^in\.csv: the gzip file is cut off/);
      const bad = Uint8Array.from(good);
      bad[at]! ^= 0x55;
      expect(() => open(bad)).toThrow(RankscopeError);
    }
    const wrongSum = Uint8Array.from(good);
    wrongSum[good.length - 6]! ^= 1;
    expect(() => open(wrongSum)).toThrow(/in\.csv: the gzip file is damaged \(incorrect data check\)/);
    expect(() => open(bytesOf([...good], 'tail'))).toThrow(/data that is not gzip follows/);
  });

  it('stops a bomb at the bound, without unpacking it', () => {
    let bomb: Uint8Array = gzipSync(new Uint8Array(40_000_000).fill(0x61));
    expect(() => open(bomb, { maxBytes: 10e6 })).toThrow(/in\.csv: it is larger than 10 MB when unpacked/);
    bomb = bytesOf([...bomb], [...bomb], [...bomb]);
    const opener = new TextOpener({ file: FILE, maxBytes: 100e6 });
    let seen = 0;
    expect(() => {
      for (const text of opener.push(bomb)) seen += text.length;
    }).toThrow(/larger than 100 MB/);
    expect(seen).toBeLessThanOrEqual(100e6);
    expect(() => open(utf8('x'.repeat(11)), { maxBytes: 10 })).toThrow(/it is larger than 0 MB\./);
  });
});

describe('encodings', () => {
  it('are known by the names people write, and describe themselves', () => {
    expect(['UTF8', 'latin1', ' CP1252 ', 'Shift_JIS', 'gbk', 'klingon'].map(encodingOf)).toEqual([
      'utf-8',
      'windows-1252',
      'windows-1252',
      'shift_jis',
      'gb18030',
      undefined,
    ]);
    expect(describeOpened({ gzip: true, encoding: 'windows-1252', by: 'content' })).toBe(
      'gzip, Windows-1252',
    );
    expect(describeOpened({ gzip: false, encoding: 'utf-8', by: 'content' })).toBeUndefined();
    // This platform knows every one that is offered.
    for (const label of Object.keys(ENCODINGS))
      expect(() => new TextDecoder(label, { fatal: true })).not.toThrow();
  });
});
