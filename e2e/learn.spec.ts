/** Learn: every task of every lesson done by keyboard, after it was not; progress, links. */
import type { Page } from '@playwright/test';
import { figure, isDone, notDone, open, press, task } from './learn.ts';
import { onePage } from './one-page.ts';
import { expect, test } from './test.ts';

/** What is asked now is answered by the model of this page, not by a recording. */
const isLive = (page: Page) =>
  expect(figure(page).getByText('Answered here and now')).toBeVisible({ timeout: 75_000 });

onePage('seven lessons are listed', async ({ page }) => {
  await open(page, '', 'Learn');
  const links = page.getByRole('main').getByRole('link');
  await expect(links).toHaveCount(7);
  await links.nth(5).press('Enter');
  await expect(page.getByRole('heading', { name: 'Instruction distillation', level: 2 })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Learn' }).first()).toHaveAttribute('aria-current', 'page');
});

test('Learn loads no model that nobody asks; the Playground then loads its own', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('.onnx')) fetched.push(request.url().split('/').at(-3)!);
  });
  await open(page, '/bm25?shown=1', 'BM25, term by term');
  await expect(figure(page).getByRole('list', { name: 'Ranking' }).getByRole('listitem')).toHaveCount(5);
  await expect(page.getByText('No model loaded')).toBeVisible();
  await page.getByRole('link', { name: 'Playground', exact: true }).press('Enter');
  await expect.poll(() => fetched.toSorted()).toEqual(['demo-student', 'demo-teacher']);
});

onePage(
  'lesson 1 by keyboard: each task fails, then is done; progress outlives a reload and is cleared',
  async ({ page }) => {
    await open(page, '/bm25', 'BM25, term by term');
    const ranking = figure(page).getByRole('list', { name: 'Ranking' });
    // Nothing is shown before a guess.
    await expect(ranking).toHaveCount(0);
    await press(page.getByRole('button', { name: 'D', exact: true }), 'Enter');
    await expect(page.getByText('Not quite. A is first')).toBeVisible();
    const k1 = page.getByRole('slider', { name: 'k1' });
    const b = page.getByRole('slider', { name: 'b', exact: true });
    await press(k1, 'PageUp');
    await expect(task(page, 1)).toContainText('C is second');
    await notDone(page, 1);
    await press(page.getByRole('button', { name: 'Hint' }), 'Enter', 3);
    await expect(task(page, 1)).toContainText('until k1 is about 2.5');
    await press(b, 'ArrowDown');
    await press(k1, 'PageUp', 2);
    await expect(task(page, 1)).toContainText('But b is not at 0.75');
    await notDone(page, 1);
    await press(b, 'ArrowUp');
    await isDone(page, 1);
    await press(b, 'PageDown');
    await expect(task(page, 2)).toContainText('But k1 is not at 1.20');
    await notDone(page, 2);
    // From 2.7 back to 1.2.
    await press(k1, 'PageDown', 3);
    await expect(k1).toHaveAttribute('aria-valuenow', '1.2');
    await isDone(page, 2);
    const query = figure(page).getByRole('textbox', { name: 'Query' });
    await query.fill('loud brakes');
    await expect(task(page, 3)).toContainText('E scores 0');
    await notDone(page, 3);
    await query.fill('squealing brakes');
    await isDone(page, 3);
    await expect(ranking.getByRole('button').first()).toContainText('Squealing');
    // Words that stand everywhere: guessed first, too.
    await press(page.getByRole('button', { name: 'the and of' }), 'Enter');
    await press(page.getByRole('button', { name: 'Less than half' }), 'Enter');
    await expect(page.getByText('Yes. The best is')).toBeVisible();

    await page.reload();
    for (const n of [1, 2, 3]) await isDone(page, n);
    await press(page.getByRole('button', { name: 'Start again' }), 'Enter');
    await notDone(page, 1);
    await press(page.getByRole('button', { name: 'Undo' }), 'Enter');
    await isDone(page, 1);
    await open(page, '', 'Learn');
    await expect(page.getByText('3 tasks done')).toBeVisible();
    await press(page.getByRole('button', { name: 'Clear progress' }), 'Enter');
    await expect(page.getByText('3 tasks done')).toHaveCount(0);
  },
);

onePage('a link opens lesson 1 in its state, with a corpus of one’s own', async ({ page }) => {
  await open(page, '/bm25?q=tea&p=tea+tea&p=coffee+and+tea&k1=3&shown=1', 'BM25, term by term');
  await expect(figure(page).getByRole('list', { name: 'Ranking' }).getByRole('listitem')).toHaveCount(2);
  await expect(page.getByRole('slider', { name: 'k1' })).toHaveAttribute('aria-valuenow', '3');
  // Dragging moves the value under the pointer.
  const handle = await page.getByRole('slider', { name: 'k1' }).boundingBox();
  const [x, y] = [handle!.x + handle!.width / 2, handle!.y + handle!.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + 25, { steps: 3 });
  await page.mouse.up();
  await expect
    .poll(async () => Number(await page.getByRole('slider', { name: 'k1' }).getAttribute('aria-valuenow')))
    .toBeLessThan(2.5);
});

onePage('lesson 7 by keyboard: each task fails, then is done', async ({ page }) => {
  await open(page, '/judging', 'Judging rankings');
  await expect(figure(page).getByText('MRR', { exact: true })).toHaveCount(0);
  await press(page.getByRole('button', { name: 'B and A, places 1 and 2' }), 'Enter');
  await expect(page.getByText('Yes. Places 1 and 2: +.142')).toBeVisible();
  const grip = (letter: string) => figure(page).getByRole('button', { name: new RegExp(`^Move ${letter},`) });
  const grade = (letter: string) => figure(page).getByRole('combobox', { name: `Grade of ${letter}` });

  // Unjudged first, for moving rows is what the others do.
  await grade('E').selectOption('0');
  await expect(task(page, 3)).toContainText('was .723 without a grade of E, and is .723 with it');
  await notDone(page, 3);
  await press(grip('E'), '3');
  await isDone(page, 3);
  await notDone(page, 1);
  await expect(task(page, 1)).toContainText('The grades have changed');
  await press(grip('E'), 'Backspace');

  await press(grip('A'), 'ArrowUp');
  await expect(grip('A')).toBeFocused();
  await expect(task(page, 1)).toContainText('nDCG@5 is .865');
  await notDone(page, 1);
  await press(grip('D'), 'ArrowUp', 2);
  await notDone(page, 1);
  await press(grip('G'), 'ArrowUp', 2);
  await isDone(page, 1);
  await notDone(page, 2);
  await press(grip('B'), 'Home');
  await press(grip('A'), 'End');
  await notDone(page, 2);
  await press(grip('D'), 'End');
  await isDone(page, 2);

  await press(page.getByRole('radio', { name: 'One ranking' }), 'ArrowRight');
  await press(page.getByRole('button', { name: 'Yes, B is better' }), 'Enter');
  await expect(page.getByText('Not quite. The interval holds 0')).toBeVisible();
  await expect(task(page, 4)).toContainText('The interval goes from −');
  await notDone(page, 4);
  for (let query = 1; query <= 10; query++) {
    const slider = page.getByRole('slider', { name: `Query ${query}`, exact: true });
    const value = Math.round(100 * Number(await slider.getAttribute('aria-valuenow')));
    await press(slider, value > 2 ? 'ArrowDown' : 'ArrowUp', Math.abs(value - 2));
  }
  await expect(task(page, 4)).toContainText('0 of 1000 resamples');
  await press(page.getByRole('button', { name: 'Draw 1,000' }), 'Enter');
  await isDone(page, 4);
  // From the start again: nothing goes on drawing.
  await press(page.getByRole('button', { name: 'Start again' }), 'Enter');
  await notDone(page, 4);
  await expect(page.getByRole('button', { name: 'B and A, places 1 and 2' })).toBeVisible();
});

onePage('rows of lesson 7 are dragged', async ({ page }) => {
  await open(page, '/judging?shown=1', 'Judging rankings');
  const rows = figure(page).getByRole('list', { name: 'Ranking' }).getByRole('listitem');
  const from = await rows.nth(1).getByRole('button').boundingBox();
  const to = await rows.nth(0).boundingBox();
  await page.mouse.move(from!.x + 10, from!.y + 10);
  await page.mouse.down();
  await page.mouse.move(to!.x + 10, to!.y + 10, { steps: 5 });
  await page.mouse.up();
  await expect(rows.first()).toContainText('A Keep bread');
});

onePage('lesson 4 by keyboard: each task fails, then is done', async ({ page }) => {
  await open(page, '/tournament', 'From games to a ranking');
  const ranking = figure(page).getByRole('list', { name: 'Ranking' });
  await expect(ranking).toHaveCount(0);
  await press(page.getByRole('button', { name: 'p1', exact: true }), 'Enter');
  await expect(page.getByText('Not quite. p5 wins the most games')).toBeVisible();
  const node = (id: string) => figure(page).getByRole('button', { name: `Choose ${id}` });
  const cell = (a: string, b: string) =>
    figure(page).getByRole('gridcell', { name: new RegExp(`^${a} as A, ${b} as B`) });

  for (const id of ['p1', 'p2', 'p3']) await press(node(id), 'Enter');
  await expect(task(page, 1)).toContainText('p1 and p2 contradict');
  await notDone(page, 1);
  await press(node('p4'), ' ');
  await isDone(page, 1);
  await expect(figure(page).getByText('A ring: no order can satisfy all three.').first()).toBeVisible();

  await press(cell('p6', 'p1'), 'Enter');
  await expect(task(page, 2)).toContainText('1 answer has changed');
  await notDone(page, 2);
  await press(cell('p2', 'p1'), 'Enter');
  await expect(task(page, 2)).toContainText('2 answers have changed');
  await notDone(page, 2);
  await press(page.getByRole('button', { name: 'The first table' }), 'Enter');
  await press(cell('p2', 'p1'), 'Enter');
  await isDone(page, 2);
  await expect(ranking.getByRole('listitem').nth(1)).toContainText('p3');

  await expect(task(page, 3)).toContainText('p5 beats 4 of 5');
  await press(cell('p1', 'p5'), 'Enter');
  await notDone(page, 3);
  await press(cell('p2', 'p5'), 'Enter');
  await isDone(page, 3);
});

test('lesson 2 by keyboard: a recording stands in for the model; each task fails, then is done', async ({
  page,
}) => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const fetched = new Set<string>();
  await page.route('**/*.onnx', async (route) => {
    fetched.add(route.request().url().split('/').at(-3)!);
    await held;
    await route.continue();
  });
  await open(page, '/asking', 'Asking a language model');
  await expect(figure(page).getByText(/The model is loading.* answers recorded on/)).toBeVisible();
  await press(page.getByRole('button', { name: 'No', exact: true }), 'Enter');
  await expect(page.getByText('Not quite. It says Yes.')).toBeVisible();
  await expect(figure(page).locator('.prompt-token').first()).toHaveText('▁is');
  const chosen = figure(page).getByRole('radio', { name: 'p1' });
  await press(chosen, 'ArrowRight');
  await expect(task(page, 1)).toContainText('The model says Yes, by 0.3');
  await notDone(page, 1);
  const p2 = figure(page).getByRole('textbox', { name: 'Passage p2' });
  const answer = await p2.inputValue();
  // What was not recorded waits for the model.
  await p2.fill(answer.replace('moving', 'parked').replace('upright', 'straight'));
  await expect(figure(page).getByText('This was not recorded').first()).toBeVisible();
  release();
  await isLive(page);
  expect([...fetched]).toEqual(['demo-teacher']);
  await expect(task(page, 1)).toContainText('2 words of p2 are changed');
  await notDone(page, 1);
  await p2.fill(answer.replace('upright', 'straight'));
  await isDone(page, 1);

  await press(figure(page).getByRole('radio', { name: 'p2' }), 'ArrowLeft', 2);
  const p6 = figure(page).getByRole('textbox', { name: 'Passage p6' });
  const other = await p6.inputValue();
  await p6.fill('Why does a moving bike stay upright?');
  await expect(task(page, 2)).toContainText('words of p6 are gone');
  await notDone(page, 2);
  await p6.fill(`Why does a moving bike stay upright? ${other}`);
  await isDone(page, 2);
  await figure(page).getByRole('button', { name: 'As it was (Passage p6)' }).press('Enter');

  await press(page.getByRole('radio', { name: 'One passage' }), 'ArrowRight');
  await press(page.getByRole('button', { name: 'Fewer' }), 'Enter');
  await expect(page.getByText('Yes. It says Yes to none now.')).toBeVisible();
  const mark = (id: string) => figure(page).getByRole('button', { name: `Choose ${id}` });
  await press(mark('p2'), 'Enter');
  await press(mark('p5'), 'Enter');
  await expect(task(page, 3)).toContainText('p2 is ahead');
  await notDone(page, 3);
  await press(mark('p1'), ' ');
  await press(mark('p5'), ' ');
  await press(mark('p2'), ' ');
  await isDone(page, 3);
  await figure(page).getByRole('combobox', { name: 'Second wording' }).selectOption('own');
  await figure(page).getByRole('textbox', { name: 'Your own wording' }).fill('Is {passage} good?');
  await expect(figure(page).getByText('The slot {query} is missing')).toBeVisible();
  await press(page.getByRole('radio', { name: 'Two wordings' }), 'ArrowRight');
  await press(figure(page).getByRole('button', { name: 'p2', exact: true }), 'Enter');
  await expect(figure(page).getByText(/Blind guessing among .* this model does worse/)).toBeVisible();
});

test('lesson 3 by keyboard: each task fails, then is done', async ({ page }) => {
  await open(page, '/comparing', 'Comparing two');
  await press(figure(page).getByRole('button', { name: 'A', exact: true }), 'Enter');
  await expect(page.getByText('Not quite. p1 wins in both orders.')).toBeVisible();
  await notDone(page, 1);
  const shown = (place: string, id: string) =>
    figure(page)
      .getByRole('radiogroup', { name: `Passage shown as ${place}` })
      .getByRole('radio', { name: id });
  await press(shown('A', 'p1'), 'ArrowRight', 3);
  await expect(task(page, 1)).toContainText('p2 wins in both orders');
  await notDone(page, 1);
  await press(shown('B', 'p2'), 'ArrowRight');
  await isDone(page, 1);
  await expect(
    figure(page).getByRole('gridcell', { name: 'p4 as A, p3 as B: p4 preferred' }),
  ).toHaveAttribute('data-contradictory', 'true');
  await isLive(page);

  // On the way A and B were both p2 for a moment.
  await expect(task(page, 2)).toContainText('has brought B');
  await notDone(page, 2);
  await expect(task(page, 3)).toContainText('Neither text is changed.');
  await press(shown('B', 'p3'), 'ArrowRight');
  await isDone(page, 2);
  await expect(task(page, 3)).toContainText('Show p3 and p4.');
  await press(shown('A', 'p4'), 'ArrowLeft');
  await expect(task(page, 3)).toContainText('Neither text is changed.');
  await notDone(page, 3);
  const p4 = figure(page).getByRole('textbox', { name: 'Text of p4' });
  const text = await p4.inputValue();
  await p4.fill(`${text} `);
  await notDone(page, 3);
  await p4.fill(`${text} Why does a moving bike stay upright?`);
  await isDone(page, 3);
  await expect(figure(page).getByText('p4 wins in both orders.').first()).toBeVisible();
  // From the start again, and back: what the model answers meanwhile takes nothing away.
  await press(page.getByRole('button', { name: 'Start again' }), 'Enter');
  await notDone(page, 3);
  await expect(figure(page).getByRole('button', { name: 'Just show me' })).toBeVisible();
  await press(page.getByRole('button', { name: 'Undo' }), 'Enter');
  await isDone(page, 3);
});
