import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousIssues } from './serious-issues.ts';
import { openSluicePage, type SluicePage } from './sluice-page.ts';

const looping = {
  format: 'sluice/1',
  id: 'looping',
  name: 'Goes round',
  nodes: [
    { id: 'start', type: 'manual', name: 'Start' },
    { id: 'a', type: 'no-op', name: 'First' },
    { id: 'b', type: 'no-op', name: 'Second' },
  ],
  edges: [
    { from: 'start', to: 'a' },
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ],
};

describe('home', () => {
  let sluice: SluicePage;

  beforeAll(async () => {
    sluice = await openSluicePage();
  });
  afterAll(() => sluice?.close());

  it('opens a ready workflow on the canvas with one click', async () => {
    const { page } = sluice;
    await page.goto('/');
    await page.getByRole('button', { name: /Keep the warehouse in step with Salesforce/ }).click();
    await page.waitForURL('**/workflows/warehouse-sync');
    await page.getByRole('heading', { name: 'Keep the warehouse in step with Salesforce', level: 1 }).waitFor();
  });

  it('lists it with its state and finds it by name', async () => {
    const { page } = sluice;
    await page.goto('/');
    const row = page.getByRole('row', { name: /Keep the warehouse in step/ });
    await row.getByText('Draft').waitFor();
    await row.getByText('No runs yet').waitFor();
    await page.getByLabel('Search workflows').fill('nothing like it');
    await page.getByText('No workflow is called').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await row.waitFor();
    expect(await seriousIssues(page)).toEqual([]);
  });

  it('refuses a file with a loop and draws the loop', async () => {
    const { page } = sluice;
    await page.goto('/');
    await page.locator('input[type=file]').setInputFiles({
      name: 'looping.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(looping)),
    });
    const dialog = page.getByRole('dialog', { name: 'This file was not imported' });
    await dialog.getByText('back to First', { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    expect(await sluice.api<{ workflows: unknown[] }>('GET', '/workflows')).toHaveProperty('workflows.length', 1);
  });

  it('imports a sound file, duplicates and deletes it', async () => {
    const { page } = sluice;
    const sound = { ...looping, id: 'straight', name: 'Goes straight on', edges: looping.edges.slice(0, 2) };
    await page.locator('input[type=file]').setInputFiles({
      name: 'straight.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(sound)),
    });
    await page.waitForURL('**/workflows/straight');
    await page.goto('/');
    await page.getByRole('button', { name: 'More for Goes straight on' }).click();
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await page.getByRole('link', { name: 'Copy of Goes straight on' }).waitFor();
    await page.getByRole('button', { name: 'More for Copy of Goes straight on' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete the workflow' }).click();
    await page.getByRole('link', { name: 'Copy of Goes straight on' }).waitFor({ state: 'detached' });
  });
});
