import { config } from 'zod/v4/core';

// The page's content security policy forbids eval, which zod's compiled parsers would need. They are compiled when a schema is
// made, so everything that makes one is imported after this has been said.
config({ jitless: true });

const { start } = await import('./app/start.tsx');
start();
