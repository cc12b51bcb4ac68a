import { describe, expect, it } from 'vitest';
import { MODEL_HOSTS, mayConnect, parseHosts, refusedHost } from './model-hosts.ts';

const own = 'https://someone.github.io';
const may = (url: string, more: readonly string[] = []) => mayConnect(url, [...MODEL_HOSTS, ...more], own);

describe('the hosts the page may speak to', () => {
  it('are its own, the hub with its downloads, and this machine', () => {
    for (const url of [
      `${own}/rankscope/models/index.json`,
      'https://huggingface.co/google/flan-t5-small/resolve/main/config.json',
      'HTTPS://HuggingFace.co/api/models/a/b',
      'https://us.aws.cdn.hf.co/xet-bridge?x=1',
      'https://cdn-lfs.huggingface.co/x',
      'http://localhost:8321/student/',
      'https://localhost/student/',
      'http://127.0.0.1:80',
      'models/demo-student/ranker.json',
      'blob:https://someone.github.io/1',
      'data:text/plain,x',
    ])
      expect(may(url), url).toBe(true);
  });

  it('are no others, however alike', () => {
    for (const url of [
      'http://huggingface.co/x',
      'https://huggingface.co:8443/x',
      'https://huggingface.co.evil.example/x',
      'https://evilhf.co/x',
      'https://hf.co/x',
      'https://x@evil.example/huggingface.co',
      'https://huggingface.co@evil.example/',
      'http://someone.github.io/',
      'http://192.168.1.20:8080/x',
      'ws://localhost:1/',
      'ftp://localhost/',
    ])
      expect(may(url), url).toBe(false);
  });

  it('can be added to, by origin', () => {
    const more = parseHosts(' https://Models.example.org/, http://192.168.1.20:8080 http://*.lab:* ');
    expect(more).toEqual(['https://models.example.org', 'http://192.168.1.20:8080', 'http://*.lab:*']);
    expect(may('https://models.example.org/flan/', more)).toBe(true);
    expect(may('http://models.example.org/flan/', more)).toBe(false);
    expect(may('http://192.168.1.20:8080/x', more)).toBe(true);
    expect(may('http://192.168.1.20/x', more)).toBe(false);
    expect(may('http://a.b.lab:99/x', more)).toBe(true);
    expect(parseHosts('')).toEqual([]);
    for (const wrong of [
      'models.example.org',
      'https://a/b',
      'https:',
      '*',
      "'unsafe-inline'",
      'https://a; x',
    ])
      expect(() => parseHosts(wrong), wrong).toThrow('is not the address of a host');
  });

  it('says why an address is refused and what to do', () => {
    expect(refusedHost('https://huggingface.co/x', MODEL_HOSTS, own)).toBeUndefined();
    expect(refusedHost('https://my.host:8443/dir/?x', MODEL_HOSTS, own)).toContain(
      '--connect-src https://my.host:8443”',
    );
  });
});
