import type { Database } from './dialects/dialect.ts';

/** Opens a database, asks it who it is, and lets go of it again. */
export async function tryDatabase(open: () => Promise<Database>, signal: AbortSignal): Promise<{ message: string }> {
  const database = await open();
  try {
    return { message: `Connected to ${await database.describe(signal)}.` };
  } finally {
    await database.close();
  }
}
