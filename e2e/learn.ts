/** What the tests of the lessons share. */
import type { Locator, Page } from '@playwright/test';
import { expect } from './test.ts';

export const figure = (page: Page) => page.getByRole('region', { name: 'Figure' });

export const task = (page: Page, n: number) =>
  page
    .getByRole('list', { name: 'Tasks' })
    .locator(':scope > li')
    .nth(n - 1);

/** Opens a place below `#/learn` and waits for its heading. */
export async function open(page: Page, place: string, title: string): Promise<void> {
  await page.goto(`./#/learn${place}`);
  await expect(page.getByRole('main').getByRole('heading', { name: title, level: 2 })).toBeVisible();
}

export const isDone = (page: Page, n: number) => expect(task(page, n)).toHaveAttribute('data-done', 'true');
export const notDone = (page: Page, n: number) => expect(task(page, n)).toHaveAttribute('data-done', 'false');

/** Focus without the mouse, then the key, so many times. */
export async function press(target: Locator, key: string, times = 1): Promise<void> {
  await target.focus();
  for (let i = 0; i < times; i++) await target.press(key);
}
