import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousIssues } from './serious-issues.ts';
import { openSluicePage, type SluicePage } from './sluice-page.ts';

describe('practice services', () => {
  let sluice: SluicePage;

  beforeAll(async () => {
    sluice = await openSluicePage();
  });
  afterAll(() => sluice?.close());

  it('edits a record and shows a refusal at its field', async () => {
    const { page } = sluice;
    await page.goto('/practice/salesforce?object=Contact');
    await page.getByLabel('Search Contacts').fill('C-400');
    const table = page.getByRole('grid', { name: 'Contacts' });
    await table.getByText('C-400').click();
    const drawer = page.getByRole('dialog');
    const last = drawer.getByLabel('Last Name');
    await last.fill('');
    await drawer.getByRole('button', { name: 'Save' }).click();
    await drawer.getByText(/Required fields are missing/).waitFor();
    expect(await last.getAttribute('aria-invalid')).toBe('true');
    await last.fill('Renamed');
    await drawer.getByRole('button', { name: 'Save' }).click();
    await drawer.waitFor({ state: 'hidden' });
    await table.getByText('Renamed', { exact: true }).waitFor();
    expect(await seriousIssues(page)).toEqual([]);
  });

  it('shows what was posted to Slack', async () => {
    const { page } = sluice;
    await page.goto('/practice/slack?channel=general');
    await page.getByText('Welcome to the practice workspace').waitFor();
    expect(await seriousIssues(page)).toEqual([]);
  });

  it('sets a fault, and a reset turns it off again', async () => {
    const { page } = sluice;
    await page.goto('/practice/faults');
    const slack = page.getByRole('region', { name: 'Faults of Slack' });
    await slack.getByRole('switch', { name: 'Token revoked' }).check({ force: true });
    await slack.getByRole('button', { name: 'Apply' }).click();
    await slack.getByText('Set to fail').waitFor();
    expect(await seriousIssues(page)).toEqual([]);
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
    await slack.getByText('Works', { exact: true }).waitFor();
  });
});
