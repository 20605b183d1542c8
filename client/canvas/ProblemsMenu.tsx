import { Badge, Button, Popover, ScrollArea, Text, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { Problem } from '../../spec/workflow/problem.ts';
import { countOf } from '../ui/format.ts';
import { useCanvas, useProblems, useUi } from './CanvasContext.tsx';
import classes from './TopBar.module.css';
import { useCanvasView } from './use-canvas-view.ts';

/** What keeps the workflow from running, each with a jump to its step and field. */
export function ProblemsMenu() {
  const { ui } = useCanvas();
  const problems = useProblems((state) => state.all);
  const opened = useUi((state) => state.dialog === 'problems');
  const view = useCanvasView();
  const set = (open: boolean) => ui.setState({ dialog: open ? 'problems' : undefined });
  const go = (problem: Problem) => {
    set(false);
    const [node] = problem.nodeIds;
    if (node === undefined) return;
    view.goTo(node);
    const field = problem.path[2] === 'params' ? problem.path[3] : undefined;
    if (problem.path[0] === 'nodes') ui.setState({ panel: { node, ...(typeof field === 'string' ? { field } : {}) } });
  };
  const none = problems.length === 0;
  return (
    <Popover opened={opened} onChange={set} position="bottom-end" width={400} trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          color={none ? 'gray' : 'orange'}
          className={none ? undefined : (classes.warn ?? '')}
          leftSection={none ? <IconCircleCheck size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden />}
          onClick={() => set(!opened)}
        >
          {none ? 'No problems' : countOf(problems.length, 'problem')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={6} aria-label="Problems">
        {none ? (
          <Text size="sm" p="sm">
            Nothing keeps this workflow from running.
          </Text>
        ) : (
          <ScrollArea.Autosize mah={420}>
            {problems.map((problem) => (
              <UnstyledButton
                key={`${problem.code} ${problem.path.join('.')} ${problem.message}`}
                className={classes.problem}
                onClick={() => go(problem)}
              >
                <Text size="sm" fw={500}>
                  {problem.message}
                </Text>
                <Text size="xs" c="dimmed">
                  {problem.remedy}
                </Text>
                {problem.stage === 'structure' && (
                  <Badge size="xs" color="red" variant="light">
                    Cannot be saved
                  </Badge>
                )}
              </UnstyledButton>
            ))}
          </ScrollArea.Autosize>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
