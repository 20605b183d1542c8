import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconBraces, IconDots, IconDownload, IconHistory, IconSettings, IconUpload } from '@tabler/icons-react';
import { useRef } from 'react';
import { parseWorkflow, printWorkflow } from '../../spec/workflow/print.ts';
import { useCanvas, useDocument } from './CanvasContext.tsx';

/** Export, import, history and settings of the workflow. */
export function MoreMenu() {
  const { documents, ui } = useCanvas();
  const readOnly = useDocument((state) => state.readOnly);
  const file = useRef<HTMLInputElement>(null);

  const download = () => {
    const { document: workflow } = documents.getState();
    const url = URL.createObjectURL(new Blob([printWorkflow(workflow)], { type: 'application/json' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${workflow.id}.json`;
    link.click();
    URL.revokeObjectURL(url);
  };

  const replace = async (chosen: File | undefined) => {
    if (!chosen) return;
    const read = parseWorkflow(await chosen.text());
    if ('problems' in read) {
      notifications.show({
        color: 'red',
        title: `"${chosen.name}" is no workflow that can be opened`,
        message: read.problems
          .slice(0, 3)
          .map((problem) => `${problem.message} ${problem.remedy}`)
          .join(' '),
      });
      return;
    }
    documents.getState().apply(`Import "${chosen.name}"`, ({ id }) => ({ ...read.document, id }));
  };

  const copy = () => {
    void navigator.clipboard.writeText(printWorkflow(documents.getState().document));
    notifications.show({ message: 'The workflow is on the clipboard as JSON.' });
  };

  return (
    <>
      <input
        ref={file}
        type="file"
        accept=".json,application/json"
        hidden
        aria-label="Workflow file"
        onChange={(event) => {
          void replace(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <Tooltip label="More">
            <ActionIcon aria-label="More">
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconSettings size={16} aria-hidden />}
            onClick={() => ui.setState({ dialog: 'settings' })}
          >
            Workflow settings
          </Menu.Item>
          <Menu.Item
            leftSection={<IconHistory size={16} aria-hidden />}
            onClick={() => ui.setState({ dialog: 'history' })}
          >
            History
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} onClick={download}>
            Export as a file
          </Menu.Item>
          <Menu.Item leftSection={<IconBraces size={16} aria-hidden />} onClick={copy}>
            Copy as JSON
          </Menu.Item>
          <Menu.Item
            leftSection={<IconUpload size={16} aria-hidden />}
            disabled={readOnly}
            onClick={() => file.current?.click()}
          >
            Replace by a file…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
