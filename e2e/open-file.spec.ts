/** Files as people have them: packed, in other encodings, with columns of their own, edited in the box. */
import { gzipSync } from 'node:zlib';
import { QUERY, teaPassages } from './corpus.ts';
import { onePage } from './one-page.ts';
import { expect } from './test.ts';

onePage('a file can be edited in the box, and says which columns were read', async ({ app, page }) => {
  const [one, two] = teaPassages(2) as [string, string];
  await app.preset({ k: 3 });
  await app.open();
  await app.write('Query', QUERY);
  await app.openFile(
    'tea.csv',
    `_id,title,text,url\nx1,Cups,"${one}",http://a\nx2,Pots,"${two}",http://b\nx3,,,\n`,
  );
  await expect(page.getByText('Read: _id as id, title, text. Left out: url.')).toBeVisible();
  const notes = page.getByRole('list', { name: 'Notes on the corpus' });
  await expect(notes).toContainText('1 passage left out that has neither text nor title.');
  await expect(page.getByText('tea.csv (', { exact: false })).toContainText('you can edit it here');

  const box = app.box('Corpus');
  await box.focus();
  await box.press('Control+End');
  await box.pressSequentially(`x4,Mugs,"Mint tea wants hot water",http://c`);
  await expect(page.getByText('3 passages').first()).toBeVisible();
  await expect(page.getByText('edited here')).toBeVisible();
  await app.start();
  await app.expectState('BM25', 'done');
  expect([...(await app.ids('BM25'))].sort()).toEqual(['x1', 'x2', 'x4']);

  // What was typed survives a reload, and Undo brings the file back.
  await page.reload();
  await expect(app.box('Corpus')).toHaveValue(/x4,Mugs/);
  await expect(page.getByText('3 passages').first()).toBeVisible();
  await app.openFile('more.csv', 'id,text\nb1,Another file with water\nb2,Tea again\n');
  await expect(app.box('Corpus')).toHaveValue(/b1,Another/);
  await app.button('Undo').click();
  await expect(app.box('Corpus')).toHaveValue(/x4,Mugs/);
});

onePage('gzip is unpacked, an encoding recognised or chosen, and both are said', async ({ app, page }) => {
  await app.preset({ k: 2 });
  await app.open();
  await app.openFile(
    'west.csv.gz',
    gzipSync(Buffer.from('id,text\na,Thé à la menthe\nb,Café crème\n', 'latin1')),
  );
  await expect(app.box('Corpus')).toHaveValue(/Thé à la menthe/);
  await expect(page.getByText('2 passages').first()).toContainText('gzip');
  await expect(app.combo('Encoding')).toHaveValue('');
  await expect(app.combo('Encoding').locator('option').first()).toHaveText('Windows-1252');
  await expect(page.getByRole('list', { name: 'Notes on the corpus' })).toContainText('as its bytes suggest');

  const cyrillic = Buffer.concat([
    Buffer.from('id,text\na,'),
    Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, 10]),
  ]);
  await app.openFile('east.csv', cyrillic);
  const alert = page.getByRole('alert').filter({ hasText: 'east.csv, line 2' });
  await expect(alert).toContainText('Choose its encoding');
  await app.combo('Encoding').selectOption({ label: 'Windows-1251 (Cyrillic)' });
  await expect(app.box('Corpus')).toHaveValue(/Привет/);
  await expect(page.getByText('1 passage').first()).toBeVisible();

  await app.openFile('cut.jsonl.gz', gzipSync('{"id":"a","text":"tea"}\n').subarray(0, 25));
  await expect(page.getByRole('alert').filter({ hasText: 'cut.jsonl.gz' })).toContainText(
    'cut off before its end',
  );
});

onePage('of two files dropped at once one is opened, and the page says so', async ({ app, page }) => {
  await app.open();
  await app.box('Corpus').evaluate((box) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['one cup\ntwo cups'], 'a.txt'));
    dataTransfer.items.add(new File(['three cups'], 'b.txt'));
    box.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  });
  await expect(app.box('Corpus')).toHaveValue('one cup\ntwo cups');
  await expect(page.getByText('Only a.txt was opened, not b.txt: drop one file at a time.')).toBeVisible();
});
