import { API } from '../../spec/api/routes.ts';
import { readNote, type ServerNote } from '../home/home-lock.ts';

/**
 * The server that works on a home folder. After a crash its note is still there, and another server may have its port by now: only the
 * one that wrote the note knows its token.
 */
export async function runningServer(home: string): Promise<ServerNote | undefined> {
  const note = readNote(home);
  if (!note) return undefined;
  try {
    const answer = await fetch(`${note.url}${API}/session`, {
      headers: { authorization: `Bearer ${note.token}` },
      signal: AbortSignal.timeout(2_000),
    });
    const { user } = (await answer.json()) as { user?: unknown };
    return user ? note : undefined;
  } catch {
    return undefined;
  }
}
