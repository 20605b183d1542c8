import { Group, Kbd, Modal, SimpleGrid, Text } from '@mantine/core';
import { useCanvas, useUi } from './CanvasContext.tsx';
import { shortcutHelp } from './shortcuts.ts';

const isMac = navigator.platform.startsWith('Mac');

export function ShortcutSheet() {
  const { ui } = useCanvas();
  const opened = useUi((state) => state.dialog === 'shortcuts');
  return (
    <Modal opened={opened} onClose={() => ui.setState({ dialog: undefined })} title="Keys on the canvas" size="lg">
      <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="xs" spacing="xl">
        {shortcutHelp.map(({ keys, does }) => (
          <Group key={does} justify="space-between" wrap="nowrap" gap="sm">
            <Text size="sm">{does}</Text>
            <Group gap={4} wrap="nowrap">
              {keys.map((key) => (
                <Kbd key={key} size="xs">
                  {key.replace('Mod', isMac ? '⌘' : 'Ctrl').replaceAll('+', key.length > 1 ? ' + ' : '+')}
                </Kbd>
              ))}
            </Group>
          </Group>
        ))}
      </SimpleGrid>
    </Modal>
  );
}
