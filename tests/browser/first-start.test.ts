import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSluicePage, type SluicePage } from './sluice-page.ts';

describe('the first start', () => {
  let sluice: SluicePage;

  beforeAll(async () => {
    sluice = await openSluicePage({ signedIn: false });
  });
  afterAll(() => sluice?.close());

  it('asks for the owner account, wherever one wanted to go, and goes there afterwards', async () => {
    const { page } = sluice;
    await page.goto('/credentials');
    await page.getByRole('heading', { name: 'Make the owner account' }).waitFor();
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByText('Use at least 8 characters').waitFor();
    await page.getByLabel('Name').fill('Ada Okafor');
    await page.getByLabel('E-mail address').fill('ada@example.com');
    await page.getByRole('textbox', { name: 'Password' }).fill('correct horse');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByRole('heading', { name: 'Credentials', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/credentials');
  });

  it('signs out, refuses a wrong password in words, and signs in again', async () => {
    const { page } = sluice;
    await page.getByRole('button', { name: 'Account of Ada Okafor' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByLabel('E-mail address').fill('ada@example.com');
    await page.getByRole('textbox', { name: 'Password' }).fill('wrong horse');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('E-mail address and password do not belong together').waitFor();
    await page.getByRole('textbox', { name: 'Password' }).fill('correct horse');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
  });

  it('asks to sign in again over the page when the session has ended', async () => {
    const { page } = sluice;
    await page.goto('/settings/variables');
    await page.getByRole('button', { name: 'New variable' }).click();
    await page.getByLabel('Name').fill('region');
    await page.getByLabel('Value').fill('EMEA');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Save' }).click();
    const again = page.getByRole('dialog', { name: 'Sign in again' });
    await again.getByRole('textbox', { name: 'Password' }).fill('correct horse');
    await again.getByRole('button', { name: 'Sign in' }).click();
    await again.waitFor({ state: 'hidden' });
    expect(await page.getByLabel('Value').inputValue()).toBe('EMEA');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: 'region', exact: true }).waitFor();
  });
});
