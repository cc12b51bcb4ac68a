import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RankscopeError } from '../errors.ts';
import { decodeEntities } from './markup.ts';
import { readQueries } from './queries.ts';

const read = (text: string) => readQueries(text, 't.xml').map(({ id, text: query }) => [id, query]);

describe('topics', () => {
  it.each([
    [
      'XML of the web tracks',
      `<?xml version="1.0"?>\n<webtrack2012>\n<topic number="151" type="ambiguous">\n  <query>403b</query>
       <description>What is a 403b plan?</description>\n<subtopic number="1" type="nav">no</subtopic></topic>
       <topic number='152'><query>angular cheilitis</query></topic>\n</webtrack2012>`,
      [
        ['151', '403b'],
        ['152', 'angular cheilitis'],
      ],
    ],
    [
      'XML with nothing but text',
      '<topics task="2022">\n <topic number="1">\n  A man of 60\n  with a cough.\n </topic>\n</topics>',
      [['1', 'A man of 60 with a cough.']],
    ],
    [
      'topics with a language',
      '<topics>\n<top lang="hi">\n<num>26</num>\n<title>नदी</title>\n<desc>d</desc>\n</top>\n</topics>',
      [['26', 'नदी']],
    ],
    [
      'CLEF’s names',
      '<top>\n<num> C041 </num>\n<DE-title> Pestizide in Babykost </DE-title>\n<DE-desc> Berichte </DE-desc>\n</top>',
      [['C041', 'Pestizide in Babykost']],
    ],
    [
      'CLEF’s identifiers',
      '<topic lang="en">\n<identifier>10.2452/451-AH</identifier>\n<title>Roman camps</title></topic>',
      [['10.2452/451-AH', 'Roman camps']],
    ],
    [
      'all on one line',
      '<top><num>1</num><title>ice</title></top><top><num>2</num><title>snow</title></top>',
      [
        ['1', 'ice'],
        ['2', 'snow'],
      ],
    ],
    [
      'tags that are never closed',
      '<top>\n<head> Topic\n<num> Number: 051\n<dom> Domain: Trade\n<title> Topic:  Airbus\nSubsidies\n\n<con> x\n<top>\n<num> Number: 052\n<desc> Description:\nSanctions\n',
      [
        ['051', 'Airbus Subsidies'],
        ['052', 'Sanctions'],
      ],
    ],
    [
      'only clinical fields',
      '<topics><topic number="7"><disease>Melanoma</disease><gene>BRAF</gene>\n<demographic>64-year-old male</demographic></topic></topics>',
      [['7', 'Melanoma BRAF 64-year-old male']],
    ],
    [
      'fields of a form',
      '<topic number="9" template="eye"><field name="a">glaucoma</field><field name="b">left</field><field name="c">both</field></topic>',
      [['9', 'glaucoma left both']],
    ],
    [
      'Indri’s parameters',
      '<parameters>\n<query><number>301</number><text>#combine(organized crime)</text></query>\n</parameters>',
      [['301', '#combine(organized crime)']],
    ],
    [
      'mark-up, entities, CDATA and comments',
      `<!DOCTYPE topics [ <!ENTITY x SYSTEM "file:///etc/passwd"> ]>\n<topics><!-- <topic number="0"> -->
       <topic number="1"><title>the <i>Eurydice</i>&#39;s H<sub>2</sub>O &amp;lt; &x; &#x263A; P < 5</title></topic>
       <topic number="2"><title><![CDATA[a &amp; <b>]]></title></topic></topics>`,
      [
        ['1', "the Eurydice's H2O &lt; &x; ☺ P < 5"],
        ['2', 'a &amp; <b>'],
      ],
    ],
    [
      'the title first, whatever else there is',
      '<topic number="1"><query>second</query><title>first</title><title>again</title>stray</topic>',
      [['1', 'first']],
    ],
  ])('are read: %s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
    expect(read(`\ufeff\n${text.replaceAll('\n', '\r\n')}`)).toEqual(expected);
  });

  it.each([
    [
      'no number',
      '<topics>\n<topic>\n<title>ice</title></topic></topics>',
      /^t\.xml, line 2: .*no number \(“ice”\)/,
    ],
    ['no query', '<topics>\n<topic number="5"></topic></topics>', /^t\.xml, line 2: query “5” has no text/],
    ['no end', '<topics>\n<topic number="5"><query>ice', /^t\.xml, line 2: the <topic> .* never ends/],
    [
      'no end in the middle',
      '<topics>\n<topic number="5"><query>ice</query>\n<topic number="6"><query>x</query></topic>',
      /^t\.xml, line 2: the <topic> .* never ends: “<\/topic>” is missing/,
    ],
    [
      'a cut classic file',
      '<top>\n<num>1\n<title>a\n</top>\n\n<top>\n<num>2\n<ti',
      /^t\.xml, line 6: the <top> .* never ends/,
    ],
    [
      'a tag without its end',
      '<top>\n<num>1</num>\n<title ice\n</top>',
      /^t\.xml, line 3: the tag “<title ice/,
    ],
    [
      'a comment without its end',
      '<topics>\n<!-- x\n<topic>',
      /^t\.xml, line 2: the comment .* “-->” is missing/,
    ],
    [
      'the same number twice',
      '<top><num>1</num><title>a</title></top>\n<top><num>1</num><title>b</title></top>',
      /line 2: the query id “1” is already on line 1/,
    ],
    [
      'no topics',
      '<!doctype html>\n<html><body>Not found</body></html>',
      /^t\.xml, line 2: .*the first is <html>.*no topics/,
    ],
  ])('name line and reason where there is %s', (_, text, message) => {
    expect(() => readQueries(text, 't.xml')).toThrow(message);
  });

  it('come back from XML with any text', () => {
    const escaped = (text: string) =>
      text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&#62;' })[c]!);
    const query = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(fc.array(query, { minLength: 1, maxLength: 4 }), (texts) => {
        const topics = texts.map((text, i) => `<topic number="${i}"><title>${escaped(text)}</title></topic>`);
        expect(read(`<topics>${topics.join('\n')}</topics>`)).toEqual(
          texts.map((text, i) => [String(i), text.replace(/\s+/g, ' ').trim()]),
        );
      }),
    );
  });

  it('say nothing but what is wrong of any pieces of mark-up, in time that grows with the text', () => {
    const piece = fc.constantFrom(
      ...[
        '<top>',
        '</top>',
        '<topic',
        ' number="1"',
        '>',
        '/>',
        '<title>',
        '</title>',
        '<',
        '<!--',
        '-->',
        '<!',
        '[',
      ],
      ...[
        '<![CDATA[',
        ']]>',
        '<?',
        '?>',
        '&amp;',
        '&#x0;',
        '\n',
        ' ',
        '=',
        '"',
        'a',
        '<EN-title>',
        '<query>',
        '</query>',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          readQueries(`<top>${pieces.join('')}`, 't.xml');
        } catch (error) {
          expect(error).toBeInstanceOf(RankscopeError);
          expect((error as Error).message).toMatch(/^t\.xml/);
        }
      }),
    );
  });
});

describe('other collections', () => {
  it('may have a colon alone before the number', () => {
    expect(read('<top>\n<num>: 301\n<title> crime\n</top>')).toEqual([['301', 'crime']]);
  });

  it('are asked what NTCIR’s <content> says, and never an address or an id', () => {
    expect(
      read(
        '<queries><query><qid>1</qid><content>tug</content><description>d</description></query></queries>',
      ),
    ).toEqual([['1', 'tug']]);
    const news = '<top>\n<num> Number: 321 </num>\n<docid>9171de</docid>\n<url>https://x</url>\n</top>';
    expect(() => read(news)).toThrow(/“321” has no text/);
  });

  it('of conversations are refused, whose title is none of their queries', () => {
    for (const turns of ['"turn":[{"number":1,"raw_utterance":"a"}]', '"turns":[{"turn_id":1}]']) {
      expect(() => read(`[{"number":31,"title":"tugs",${turns}}]`)).toThrow(/each of whose turns is a query/);
    }
  });
});

describe('entities', () => {
  it('are decoded once; what is none stays', () => {
    expect(decodeEntities('&amp;amp; &lt;&GT;&quot;&apos; &#65;&#x41; &uuml;&Uuml;&szlig;')).toBe(
      '&amp; <>"\' AA üÜß',
    );
    for (const text of ['&', '&;', '&x;', '&#xD800;', '&#0;', '&#9999999;', 'AT&T', '&constructor;']) {
      expect(decodeEntities(text)).toBe(text);
    }
  });
});
