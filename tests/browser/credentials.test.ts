import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousIssues } from './serious-issues.ts';
import { openSluicePage, type SluicePage } from './sluice-page.ts';

describe('credentials', () => {
  let sluice: SluicePage;

  beforeAll(async () => {
    sluice = await openSluicePage();
  });
  afterAll(() => sluice?.close());

  it('tests one and shows that it works', async () => {
    const { page } = sluice;
    await page.goto('/credentials');
    const row = page.getByRole('row', { name: /Salesforce/ });
    await row.getByRole('button', { name: 'Test Salesforce' }).click();
    await row.getByText('Works').waitFor();
    expect(await seriousIssues(page)).toEqual([]);
  });

  it('asks for the real account when one is switched to it without values', async () => {
    const { page } = sluice;
    await page.getByRole('row', { name: /Slack/ }).getByText('Real account').click();
    const drawer = page.getByRole('dialog', { name: 'Credential' });
    await drawer.getByLabel('Bot token').waitFor();
    await drawer.getByRole('button', { name: 'Save' }).click();
    await drawer.getByText('Fill in: Bot token').waitFor();
    expect(await seriousIssues(page)).toEqual([]);
    await drawer.getByRole('button', { name: 'Cancel' }).click();
  });

  it('keeps a secret that is left blank and never shows it', async () => {
    const { page } = sluice;
    await page.getByRole('button', { name: 'New credential' }).click();
    await page.getByRole('button', { name: /Bearer token/ }).click();
    const made = page.getByRole('dialog', { name: 'New credential' });
    await made.getByLabel('Name').fill('Stock service');
    await made.getByRole('textbox', { name: 'Token' }).fill('very-secret');
    await made.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Stock service', exact: true }).click();
    const kept = page.getByRole('dialog', { name: 'Credential' });
    const token = kept.getByRole('textbox', { name: 'Token' });
    expect(await token.inputValue()).toBe('');
    expect(await token.getAttribute('placeholder')).toMatch(/^Kept/);
    await kept.getByLabel('Name').fill('Stock');
    await kept.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Stock', exact: true }).waitFor();
    const { filled } = await sluice.api<{ filled: string[] }>('GET', '/credentials/stock-service');
    expect(filled).toEqual(['token']);
  });
});
