import { ActionIcon, Badge, Button, Group, Modal, Tabs, Text, Tooltip } from '@mantine/core';
import { IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useCanvas, useDocument, useProblems, useRun } from '../canvas/CanvasContext.tsx';
import { outermostOf } from '../canvas/containers.ts';
import { isUnderWay } from '../canvas/run-store.ts';
import type { RunControl } from '../canvas/use-run-control.ts';
import { ConnectorIcon } from '../ui/ConnectorIcon.tsx';
import { BehaviourTab } from './BehaviourTab.tsx';
import { ChangesPreview } from './ChangesPreview.tsx';
import { PanelDataProvider } from './data/PanelData.tsx';
import { IncomingPane } from './IncomingPane.tsx';
import classes from './NodePanel.module.css';
import { OutgoingPane } from './OutgoingPane.tsx';
import { PanelName } from './PanelName.tsx';
import { SettingsTab } from './SettingsTab.tsx';

interface Props {
  readonly node: string;
  /** Parameter to go to. */
  readonly field?: string | undefined;
  readonly control: RunControl;
}

/** Everything about one step: what comes in, its settings, what goes out. */
export function NodePanel({ node: id, field, control }: Props) {
  const { ui, types } = useCanvas();
  const node = useDocument((state) => state.document.nodes.find((candidate) => candidate.id === id));
  const [tab, setTab] = useState<string | null>('settings');
  const form = useRef<HTMLDivElement>(null);
  useFieldFocus(form, field);
  const close = () => ui.setState({ panel: undefined });
  if (!node) return null;
  const type = types.get(node.type);
  return (
    <Modal
      opened
      onClose={close}
      withCloseButton={false}
      closeOnEscape={false}
      onKeyDown={(event) => {
        // Lists that are open inside take the key for themselves; menus and other dialogs stand outside of the element.
        const { target, currentTarget } = event;
        if (event.key !== 'Escape' || event.defaultPrevented || !(target instanceof HTMLElement)) return;
        if (currentTarget.contains(target) && target.dataset.mantineStopPropagation !== 'true') close();
      }}
      size="auto"
      padding={0}
      transitionProps={{ duration: 0 }}
      classNames={{ content: classes.content ?? '', body: classes.body ?? '', inner: classes.inner ?? '' }}
    >
      <PanelDataProvider node={node}>
        <header className={classes.head}>
          <ConnectorIcon connector={type?.connector ?? ''} type={node.type} size={24} />
          <PanelName node={node} />
          <Text size="sm" c="dimmed" truncate>
            {type?.title ?? node.type}
          </Text>
          {node.disabled && <Badge color="gray">Disabled</Badge>}
          <Group gap="xs" ms="auto" wrap="nowrap">
            {type?.preview && <ChangesPreview node={node} />}
            {type?.kind !== 'trigger' && <RunThis id={id} control={control} />}
            <Tooltip label="Close (Esc)">
              <ActionIcon size={34} aria-label="Close" onClick={close}>
                <IconX size={18} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </Group>
        </header>
        <div className={classes.panes} data-trigger={type?.kind === 'trigger' || undefined}>
          {type?.kind !== 'trigger' && <IncomingPane />}
          <section className={classes.pane} aria-label="Settings of the step" ref={form}>
            <Tabs value={tab} onChange={setTab} keepMounted={false} className={classes.tabs ?? ''}>
              <Tabs.List px="md">
                <Tabs.Tab value="settings" data-autofocus>
                  Settings
                </Tabs.Tab>
                <Tabs.Tab value="behaviour">Behaviour</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="settings" className={classes.form ?? ''}>
                <SettingsTab node={node} type={type} />
              </Tabs.Panel>
              <Tabs.Panel value="behaviour" className={classes.form ?? ''}>
                <BehaviourTab node={node} type={type} />
              </Tabs.Panel>
            </Tabs>
          </section>
          <OutgoingPane node={node} control={control} />
        </div>
      </PanelDataProvider>
    </Modal>
  );
}

/** Runs the step by itself. One inside a container runs only in its rounds, so for that the container is run. */
function RunThis({ id, control }: { id: string; control: RunControl }) {
  const busy = useRun(isUnderWay) || control.starting;
  const container = useDocument(({ document }) => outermostOf(document, id));
  const blocked = useProblems(({ byNode }) => byNode.has(id) || (container !== undefined && byNode.has(container.id)));
  const name = container ? `“${container.name}”` : 'this step';
  const what = container
    ? 'This step runs only in its rounds. The records of the steps before are used, and nothing after it is run'
    : 'With the records of the steps before it, and nothing after it';
  return (
    <Tooltip label={blocked ? `Solve the problems of ${name} first` : what}>
      <Button
        size="sm"
        maw={280}
        variant="light"
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
        loading={busy}
        disabled={blocked}
        onClick={() => void control.start({ only: container?.id ?? id })}
      >
        Run {name}
      </Button>
    </Tooltip>
  );
}

/** Goes to the field that a problem named. */
function useFieldFocus(form: React.RefObject<HTMLDivElement | null>, field: string | undefined): void {
  useEffect(() => {
    if (field === undefined) return;
    const timer = setTimeout(() => {
      const found = form.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(field)}"]`);
      found?.scrollIntoView({ block: 'center' });
      found?.querySelector<HTMLElement>('input, textarea, [contenteditable], button')?.focus();
    }, 120);
    return () => clearTimeout(timer);
  }, [form, field]);
}
