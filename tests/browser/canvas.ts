import type { Locator, Page } from 'playwright-core';

/** What a person does on the canvas, for the tests of its journeys. */

export function card(page: Page, id: string): Locator {
  return page.locator(`[data-step="${id}"]`);
}

/** The whole node on the canvas: its card, ports, status and counts. */
export function nodeOf(page: Page, id: string): Locator {
  return page.locator(`.react-flow__node[data-id="${id}"]`);
}

/** Brings everything into view, since what is out of it cannot be clicked. */
export async function seeAll(page: Page): Promise<void> {
  await page.getByRole('button', { name: /fit view/i }).click();
}

/** Opens a workflow that there is, and waits for its canvas. */
export async function openWorkflow(page: Page, id: string): Promise<void> {
  await page.goto(`/workflows/${id}`);
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
}

/** Chooses a step in the open picker, by what it is called. */
export async function pick(page: Page, words: string, title: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Add a step' });
  await dialog.getByRole('combobox', { name: 'Search steps' }).fill(words);
  await dialog.getByRole('option', { name: title }).first().click();
  await dialog.waitFor({ state: 'detached' });
}

/** Waits until the draft is saved. */
export async function saved(page: Page): Promise<void> {
  await page.getByRole('status', { name: 'Saving' }).getByText('Saved', { exact: true }).waitFor();
}

/** Runs the draft and waits for its end, in one word. */
export async function run(page: Page, end = 'Done'): Promise<void> {
  const [started] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/runs')),
    page.getByRole('button', { name: 'Run', exact: true }).click(),
  ]);
  const { id } = await started.json();
  const bar = page.getByRole('status', { name: 'Run' });
  await bar.locator(`a[href="/runs/${id}"]`).waitFor();
  await bar.getByText(end, { exact: true }).waitFor();
}

/** Waits until the canvas has said this to screen readers. */
export async function said(page: Page, words: string | RegExp): Promise<void> {
  await page.getByTestId('announcer').getByText(words).waitFor({ state: 'attached' });
}

/** Draws a wire with the pointer; the button stays down until `page.mouse.up()`. */
export async function drawWire(page: Page, from: string, to: string): Promise<void> {
  const start = await middleOf(nodeOf(page, from).locator('.react-flow__handle-right').first());
  const end = await middleOf(nodeOf(page, to).locator('.react-flow__handle-left').first());
  await page.mouse.move(...start);
  await page.mouse.down();
  await page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + 60, { steps: 4 });
  await page.mouse.move(...end, { steps: 4 });
}

async function middleOf(locator: Locator): Promise<[number, number]> {
  const box = await locator.boundingBox();
  if (!box) throw new Error('What should be on the canvas is not.');
  return [box.x + box.width / 2, box.y + box.height / 2];
}
