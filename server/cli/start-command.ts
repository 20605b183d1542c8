import { startServer } from '../main.ts';
import type { ServerSettings } from '../settings.ts';

/** `start`: until it is told to stop. */
export async function startCommand(settings: ServerSettings): Promise<void> {
  const server = await startServer(settings);
  let stopping = false;
  const stop = async () => {
    // Asked a second time, a person means it.
    if (stopping) process.exit(1);
    stopping = true;
    process.stderr.write('Stopping; what is unfinished goes on at the next start.\n');
    await server.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
  // Started by the bootstrap of an older Node: without it, nobody could stop this process any more.
  process.on('disconnect', () => void stop());
  // Last, since whoever reads it may tell it to stop.
  process.stdout.write(`Sluice is ready: ${server.url}\n`);
}
