import { writeFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { Fault } from '../fault.ts';
import { readSettings } from '../settings.ts';
import { storageFault } from '../storage/storage-fault.ts';
import { CommandError, exit } from './exit.ts';
import type { AnswerOptions } from './needs-you-command.ts';
import type { RestartCommandOptions } from './restart-command.ts';

/** The `sluice` commands. Exit codes: 0 fine, 1 the run or check failed, 2 wrong use. */

const settings = () => readSettings(process.env);
let code: number | undefined = exit.ok;

const program = new Command('sluice')
  .description('Build, check and run workflows.')
  .exitOverride()
  .configureHelp({ sortSubcommands: true })
  .showHelpAfterError('(see "sluice --help")');

program
  .command('start')
  .description('start the server')
  .action(async () => {
    const { startCommand } = await import('./start-command.ts');
    await startCommand(settings());
    code = undefined;
  });

program
  .command('validate')
  .argument('<file...>', 'workflow files')
  .option('--json', 'print one JSON object')
  .description('say all problems of workflow files')
  .action(async (files: string[], options: { json?: boolean }) => {
    const { validateCommand } = await import('./validate-command.ts');
    code = await validateCommand(settings(), files, options);
  });

program
  .command('run')
  .argument('<file-or-id>', 'workflow file, or id of a workflow')
  .option('--input <file>', 'JSON file with the records that the trigger gives')
  .option('--json', 'print one JSON object: status, durationMs, steps, output')
  .description('run a workflow to its end')
  .action(async (target: string, options: { input?: string; json?: boolean }) => {
    const { runCommand } = await import('./run-command.ts');
    code = await runCommand(settings(), target, options);
  });

program
  .command('needs-you')
  .option('--json', 'print one JSON object: items, each with its run and step')
  .description('list what runs wait to hear from a person')
  .action(async (options: { json?: boolean }) => {
    const { needsYouCommand } = await import('./needs-you-command.ts');
    code = await needsYouCommand(settings(), options);
  });

program
  .command('answer')
  .argument('<run>', 'id of the run')
  .argument('<step>', 'id or name of the step')
  .argument('<word>', 'done, not-done or again for a call in doubt; approve or decline')
  .option('--comment <text>', 'said with an approval')
  .option('--call <key>', 'key of the call that is meant; refused if the step asks about another by now')
  .option('--json', 'print one JSON object')
  .description('answer what a step waits to hear')
  .action(async (run: string, step: string, word: string, options: AnswerOptions) => {
    const { answerCommand } = await import('./needs-you-command.ts');
    code = await answerCommand(settings(), [run, step, word], options);
  });

program
  .command('restart')
  .argument('[run]', 'id of a run that has ended')
  .option('--failed <workflow>', 'every failed run of this workflow that was not restarted since')
  .option('--from <step>', 'step to begin with; what did not end well if absent')
  .option('--newest', 'on the newest version of the workflow, not on that of the run')
  .option('--dry-run', 'only say what would be kept, done again and repeated outside')
  .option('--json', 'print one JSON object')
  .description('go on with runs that failed or were cancelled')
  .action(async (run: string | undefined, options: RestartCommandOptions) => {
    const { restartCommand } = await import('./restart-command.ts');
    code = await restartCommand(settings(), run, options);
  });

program
  .command('import')
  .argument('<file...>', 'workflow files')
  .option('--replace', 'replace workflows of the same id instead of making new ones')
  .description('make workflows from files')
  .action(async (files: string[], { replace = false }: { replace?: boolean }) => {
    const { importCommand } = await import('./import-command.ts');
    code = await importCommand(settings(), files, replace);
  });

program
  .command('export')
  .argument('<id>', 'id of the workflow')
  .option('--output <file>', 'write to a file instead of the terminal')
  .description('print a workflow as a file')
  .action(async (id: string, { output }: { output?: string }) => {
    const { exportText } = await import('./export-command.ts');
    const text = await exportText(settings(), id);
    if (output === undefined) process.stdout.write(text);
    else writeFileSync(output, text);
  });

program
  .command('token')
  .description('API tokens')
  .command('create')
  .requiredOption('--name <name>', 'what it is for')
  .description('make an API token and print it')
  .action(async ({ name }: { name: string }) => {
    const { openBackend } = await import('./backend.ts');
    const backend = await openBackend(settings(), { practice: false });
    try {
      process.stdout.write(`${await backend.createToken(name)}\n`);
    } finally {
      await backend.close();
    }
  });

program
  .command('doctor')
  .option('--json', 'print one JSON object')
  .description('look whether everything is in order here')
  .action(async (options: { json?: boolean }) => {
    const { doctorCommand } = await import('./doctor-command.ts');
    code = await doctorCommand(settings(), options);
  });

try {
  await program.parseAsync();
} catch (error) {
  code = codeOf(error);
}
// Connections that steps have left open must not hold a command that is done.
if (code !== undefined) {
  const ended = code;
  process.stdout.write('', () => process.stderr.write('', () => process.exit(ended)));
}

function codeOf(thrown: unknown): number {
  const error = storageFault(thrown) ?? thrown;
  if (error instanceof CommanderError) return error.exitCode === 0 ? exit.ok : exit.wrongUse;
  if (error instanceof CommandError) {
    process.stderr.write(`${error.message}\n`);
    return error.code;
  }
  if (error instanceof Fault || isNodeError(error)) {
    process.stderr.write(`${error.message}\n${error.remedy ?? ''}\n`);
    return error instanceof Fault && (error.kind === 'not-found' || error.kind === 'bad-request')
      ? exit.wrongUse
      : exit.failed;
  }
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  return exit.failed;
}

function isNodeError(error: unknown): error is Error & { remedy: string } {
  return error instanceof Error && error.name === 'NodeError';
}
