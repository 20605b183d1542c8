import { type Call, channelOf, json, type Method, SlackError, text } from './call.ts';
import { BOT_USER, type StoredFile } from './workspace.ts';

/** The two calls around an external upload; the bytes go to `/upload/<file id>` between them. */
export const fileMethods: Record<string, Method> = {
  'files.getUploadURLExternal': {
    writes: false,
    run: (call) => {
      const name = text(call, 'filename');
      const length = Number(text(call, 'length'));
      if (!name || !Number.isInteger(length) || length <= 0) throw new SlackError('invalid_arguments');
      const file = call.workspace.addFile(name, length);
      return { upload_url: `${call.url}/upload/${file.id}`, file_id: file.id };
    },
  },
  'files.completeUploadExternal': { writes: true, run: complete },
  'files.info': {
    writes: false,
    run: (call) => {
      const file = call.workspace.file(text(call, 'file') ?? '');
      if (!file) throw new SlackError('file_not_found');
      return { file: shownFile(call, file) };
    },
  },
};

function complete(call: Call): Record<string, unknown> {
  const given = json(call, 'files', 'invalid_arguments');
  if (!Array.isArray(given) || given.length === 0) throw new SlackError('invalid_arguments');
  const files = given.map((entry: { id?: unknown; title?: unknown } | null) => {
    const id = String(entry?.id ?? '');
    const file = call.workspace.file(id);
    if (!file?.content) throw new SlackError('file_not_found');
    if (typeof entry?.title === 'string') call.workspace.nameFile(id, entry.title);
    return call.workspace.file(id) ?? file;
  });
  const shown = files.map((file) => shownFile(call, file));
  const reference = text(call, 'channel_id') ?? text(call, 'channels');
  if (reference !== undefined) {
    const channel = channelOf({ ...call, args: { channel: reference } }, 'member');
    const threadTs = text(call, 'thread_ts');
    call.workspace.post(channel.id, {
      user: BOT_USER,
      text: text(call, 'initial_comment') ?? '',
      files: shown,
      ...(threadTs ? { thread_ts: threadTs } : {}),
    });
  }
  return { files: shown };
}

function shownFile(call: Call, file: StoredFile): Record<string, unknown> {
  return {
    id: file.id,
    name: file.name,
    title: file.title,
    size: file.size,
    user: BOT_USER,
    mode: 'hosted',
    is_external: false,
    url_private: `${call.url}/files/${file.id}`,
    url_private_download: `${call.url}/files/${file.id}`,
    permalink: `${call.url}/files/${file.id}`,
  };
}
