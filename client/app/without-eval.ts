import { z } from 'zod';

// The page's content security policy forbids eval, which zod's compiled parsers would need. They are compiled when a schema
// is made, so this module is imported before any that makes one.
z.config({ jitless: true });
