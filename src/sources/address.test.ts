import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RankscopeError } from '../errors.ts';
import { addressText, PUBLIC_HUB, parseHubAddress, parseModelAddress } from './address.ts';

const hub = (id: string, revision = 'main', at = PUBLIC_HUB) => ({ kind: 'hub', hub: at, id, revision });

describe('a model’s address', () => {
  it.each([
    ['google/flan-t5-small', hub('google/flan-t5-small')],
    ['  “google/flan-t5-small” ', hub('google/flan-t5-small')],
    ['google/flan-t5-small@v1.0', hub('google/flan-t5-small', 'v1.0')],
    ['a/b@refs/pr/3', hub('a/b', 'refs/pr/3')],
    ['hf://a/b', hub('a/b')],
    ['https://huggingface.co/google/flan-t5-base', hub('google/flan-t5-base')],
    ['https://huggingface.co/google/flan-t5-base/', hub('google/flan-t5-base')],
    ['huggingface.co/google/flan-t5-base?library=x#files', hub('google/flan-t5-base')],
    ['hf.co/google/flan-t5-base', hub('google/flan-t5-base')],
    ['https://huggingface.co/a/b/tree/main', hub('a/b')],
    ['https://huggingface.co/a/b/tree/v2', hub('a/b', 'v2')],
    ['https://huggingface.co/a/b/blob/abc/model.safetensors', hub('a/b', 'abc')],
    ['https://huggingface.co/a/b/discussions/1', hub('a/b')],
    ['https://example.org/models/mine', { kind: 'url', url: 'https://example.org/models/mine/' }],
    ['http://localhost:8080/ranker.json', { kind: 'url', url: 'http://localhost:8080/' }],
  ])('%s', (text, expected) => {
    expect(parseModelAddress(text)).toEqual(expected);
  });

  it.each([
    ['', /Which model/],
    ['flan-t5-small', /lacks the owner/],
    ['a/b/c', /not understood/],
    ['a/b@c@d', /not understood/],
    ['a/b@', /revision/],
    ['a/b@../..', /revision/],
    ['../b', /path.*Open folder or zip/],
    ['/home/me/model', /path.*serve/],
    ['C:\\models\\mine', /path/],
    ['file:///home/me', /path/],
    ['ftp://x/y', /ftp:/],
    ['localhost:8080/mine', /Write http/],
    ['a/-b', /cannot be a name/],
    ['https://huggingface.co/datasets/a/b', /not a model/],
    ['https://huggingface.co/google', /does not name a model/],
    ['https://huggingface.co/a/b/tree/main/onnx', /folder inside/],
    ['https://huggingface.co/%zz/b', /valid/],
    ['https://me:secret@example.org/x', /password/],
    ['https://example.org/x?token=1', /“\?”/],
    ['https://', /not a valid/],
  ])('refuses %j in words', (text, expected) => {
    expect(() => parseModelAddress(text)).toThrow(expected);
  });

  it('knows a mirror by its own address', () => {
    const mirror = parseHubAddress('hf-mirror.example/');
    expect(mirror).toBe('https://hf-mirror.example');
    expect(parseModelAddress('a/b', mirror)).toEqual(hub('a/b', 'main', mirror));
    expect(parseModelAddress('hf-mirror.example/a/b/tree/v1', mirror)).toEqual(hub('a/b', 'v1', mirror));
    // An address that names the public hub means the public hub.
    expect(parseModelAddress('https://huggingface.co/a/b', mirror)).toEqual(hub('a/b'));
    expect(() => parseHubAddress('ftp://x')).toThrow(/not the address of a hub/);
    expect(() => parseHubAddress('')).toThrow(/not the address of a hub/);
  });

  it('whatever is typed: an address that means the same when it is typed again, or words', () => {
    const name = fc
      .stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,10}[A-Za-z0-9]$/)
      .filter((text) => !text.includes('--'));
    const piece = fc.oneof(
      name,
      fc.string(),
      fc.constantFrom('/', '@', 'https://', 'huggingface.co', 'tree', '..'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), (parts) => {
        try {
          const address = parseModelAddress(parts.join(''));
          expect(parseModelAddress(addressText(address))).toEqual(address);
        } catch (error) {
          if (!(error instanceof RankscopeError)) throw error;
          expect(error.code).toBe('bad-input');
        }
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(name, name, name, (owner, id, revision) => {
        expect(parseModelAddress(`${owner}/${id}@${revision}`)).toEqual(hub(`${owner}/${id}`, revision));
      }),
    );
  });
});
