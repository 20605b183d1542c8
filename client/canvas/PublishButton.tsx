import { Button, Group, Menu, Tooltip } from '@mantine/core';
import { IconChevronDown, IconCircle, IconCircleCheckFilled, IconCircleHalf2 } from '@tabler/icons-react';
import { countOf, formatDateTime } from '../ui/format.ts';
import { useCanvas, useDocument, useProblems } from './CanvasContext.tsx';
import { usePublication } from './use-publication.ts';

/** Whether the draft is live, and the way to make it so. */
export function PublishButton() {
  const { ui } = useCanvas();
  const { state, publication, publish, unpublish } = usePublication();
  const problems = useProblems((found) => found.all.length);
  const readOnly = useDocument((found) => found.readOnly);
  const looks = {
    never: {
      word: 'Not published',
      icon: IconCircle,
      help: 'Nothing is live yet: triggers and schedules start once you publish.',
    },
    loading: { word: 'Published', icon: IconCircleCheckFilled, help: '' },
    same: { word: 'Published', icon: IconCircleCheckFilled, help: 'What you see is live.' },
    differs: { word: 'Unpublished changes', icon: IconCircleHalf2, help: 'The live version is older than this draft.' },
  } as const;
  const { word, icon: Icon, help } = looks[state];
  const since = publication ? ` Live since ${formatDateTime(publication.at)}, by ${publication.by}.` : '';
  return (
    <Group gap={1} wrap="nowrap">
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Tooltip label={`${help}${since}`}>
            <Button
              size="sm"
              variant="subtle"
              color="gray"
              px={8}
              leftSection={<Icon size={15} aria-hidden />}
              rightSection={<IconChevronDown size={14} aria-hidden />}
            >
              {word}
            </Button>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={publication === null} onClick={() => ui.setState({ dialog: 'difference' })}>
            Show what differs from the live version
          </Menu.Item>
          <Menu.Item disabled={publication === null || readOnly} color="red" onClick={() => unpublish.mutate()}>
            Take offline
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Tooltip label={`${countOf(problems, 'problem')} to solve first`} disabled={problems === 0}>
        <Button
          size="sm"
          variant="default"
          loading={publish.isPending}
          disabled={readOnly || (state === 'same' && problems === 0)}
          onClick={() => (problems > 0 ? ui.setState({ dialog: 'problems' }) : publish.mutate())}
        >
          Publish
        </Button>
      </Tooltip>
    </Group>
  );
}
