import { randomUUID } from 'node:crypto';
import express from 'express';
import { openDatabase } from '../../server/storage/sqlite/database.ts';

/**
 * The baseline of the webhook benchmarks, in a process of its own: an Express handler that parses, computes the same as the workflow and,
 * given a file, has one row of it on disk before it answers. Rows that come in one turn of the event loop share a commit.
 */

const [file] = process.argv.slice(2);
const save = file === undefined ? undefined : groupCommit(file);

const app = express();
app.use(express.json());
app.post('/hook', async (req, res) => {
  const { price, count, name } = req.body as { price: number; count: number; name: string };
  const answer = { name, total: price * count, label: `${name.toUpperCase()} x ${count}`, large: price * count > 100 };
  await save?.(JSON.stringify(req.body), JSON.stringify(answer));
  res.json(answer);
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
process.on('disconnect', () => process.exit(0));

function groupCommit(path: string): (input: string, output: string) => Promise<void> {
  const db = openDatabase(path);
  db.exec('create table calls (id text primary key, at integer not null, input text not null, output text not null)');
  const insert = db.prepare('insert into calls values (?, ?, ?, ?)');
  let queue: { row: [string, number, string, string]; done: () => void }[] = [];
  const flush = () => {
    const group = queue;
    queue = [];
    db.exec('begin immediate');
    for (const { row } of group) insert.run(...row);
    db.exec('commit');
    for (const { done } of group) done();
  };
  return (input, output) =>
    new Promise((done) => {
      if (queue.length === 0) setImmediate(flush);
      queue.push({ row: [randomUUID(), Date.now(), input, output], done });
    });
}
