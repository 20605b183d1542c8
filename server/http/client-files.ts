import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler, Router } from 'express';

/** The built client: hashed files for good, every page address gives the one page. `opened`: somebody has come with a browser. */
export function clientFiles(folder: string, opened: () => void): Router {
  const router = Router();
  const assets = { immutable: true, maxAge: '1y', index: false, fallthrough: true } as const;
  router.use('/assets', express.static(join(folder, 'assets'), assets), missing);
  router.use(express.static(folder, { index: false, dotfiles: 'ignore' }));
  router.get('/{*page}', (req, res, next) => {
    if (!req.accepts('html')) return next();
    const page = join(folder, 'index.html');
    if (!existsSync(page)) {
      res.status(503).type('text').send('The client is not built yet. Start with "npm start", which builds it.\n');
      return;
    }
    res.setHeader('Cache-Control', 'no-cache');
    res.sendFile(page);
    res.once('finish', opened);
  });
  return router;
}

/** A hashed file that is gone must not be answered with the page. */
const missing: RequestHandler = (_req, res) => {
  res.status(404).type('text').send('Not found\n');
};
