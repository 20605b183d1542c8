/** How the tables of the run store came to be what they are, step by step. What has been released is never changed. */
export const MIGRATIONS = [
  `create table runs (
     id text primary key,
     workflow_id text not null,
     status text not null,
     created_at integer not null,
     finished integer not null default 0,
     key text,
     header text not null,
     summary text,
     input blob not null,
     snapshot blob
   );
   create unique index runs_key on runs (key) where key is not null;
   create index runs_unfinished on runs (created_at) where finished = 0;
   create index runs_newest on runs (created_at desc, id desc);
   create index runs_of_workflow on runs (workflow_id, created_at desc, id desc);
   create table journal (
     run_id text not null,
     seq integer not null,
     entries text not null,
     primary key (run_id, seq)
   ) without rowid;
   create table versions (hash text primary key, document text not null);
   create table node_memory (
     workflow_id text not null,
     node_id text not null,
     key text not null,
     value text not null,
     primary key (workflow_id, node_id, key)
   ) without rowid;`,
  `alter table runs add column ended_at integer;
   alter table runs add column bytes integer not null default 0;
   alter table runs add column restart_of text;
   alter table runs add column called_by text;
   update runs set restart_of = json_extract(header, '$.restartOf');
   update runs set ended_at = coalesce(json_extract(summary, '$.finishedAt'), created_at),
     bytes = length(header) + length(summary) + length(input) + length(snapshot) where finished = 1;
   create index runs_ended on runs (ended_at, id) where ended_at is not null;
   create index runs_ended_of_workflow on runs (workflow_id, ended_at, id, bytes);
   create index runs_restarts on runs (restart_of) where restart_of is not null;
   create index runs_calls on runs (called_by) where called_by is not null;`,
  // What lists show of a run is in its header and in columns, and not once more as JSON.
  `alter table runs add column started_at integer;
   alter table runs add column error text;
   update runs set
     started_at = json_extract(summary, '$.startedAt'),
     error = json_extract(summary, '$.error'),
     input = cast(input as text),
     snapshot = cast(snapshot as text);
   alter table runs drop column summary;`,
  // Each index costs every run a tenth of its time. What lists and sweeps read in the order of acceptance, and what is counted, is in one.
  `drop index runs_ended;
   drop index runs_ended_of_workflow;
   drop index runs_of_workflow;
   create index runs_of_workflow on runs (workflow_id, created_at desc, id desc, ended_at, bytes);`,
];
