import { Center, Loader } from '@mantine/core';
import { useParams, useSearchParams } from 'react-router';
import type { StepView } from '../../spec/api/run.ts';
import { Page } from '../ui/Page.tsx';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { RunActions } from './RunActions.tsx';
import { RunFacts } from './RunFacts.tsx';
import { RunFailure } from './RunFailure.tsx';
import classes from './RunPage.module.css';
import { StepDetail } from './StepDetail.tsx';
import { Timeline } from './Timeline.tsx';
import { useLiveRun } from './use-live-run.ts';

/** One run: what became of it, its steps over time, and what the chosen step read and wrote. */
export function RunPage() {
  const { id = '' } = useParams();
  return <OpenRun key={id} id={id} />;
}

function OpenRun({ id }: { id: string }) {
  const run = useLiveRun(id);
  const [search, setSearch] = useSearchParams();
  if (run.isPending) {
    return (
      <Center h="100%">
        <Loader aria-label="Loading the run" />
      </Center>
    );
  }
  if (!run.data) {
    return (
      <Page title="Run">
        <ProblemNotice title="The run could not be loaded" error={run.error} onRetry={() => void run.refetch()} />
      </Page>
    );
  }
  const { steps } = run.data;
  const show = (step: string) => setSearch({ step }, { replace: true });
  const asked = search.get('step');
  const chosen = steps.find(({ node }) => node === asked) ?? worthSeeing(steps, run.data.error?.node);
  return (
    <Page
      height="full"
      title={run.data.workflowName}
      back={<RunFacts run={run.data} />}
      actions={<RunActions run={run.data} />}
    >
      {run.data.error && <RunFailure run={run.data} error={run.data.error} />}
      <div className={classes.columns}>
        <Timeline run={run.data} chosen={chosen?.node} onChoose={show} />
        {chosen && <StepDetail key={chosen.node} run={run.data} step={chosen} onShowStep={show} />}
      </div>
    </Page>
  );
}

/** Shown before a person has chosen: what failed, what waits for somebody, or the last that did something. */
function worthSeeing(steps: readonly StepView[], failed: string | undefined): StepView | undefined {
  return (
    steps.find(({ node }) => node === failed) ??
    steps.find(({ status }) => status === 'failed') ??
    steps.find(({ status }) => status === 'needs-you') ??
    steps.findLast(({ startedAt }) => startedAt !== undefined) ??
    steps[0]
  );
}
