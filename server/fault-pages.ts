/** What each refusal of the server means and what to do, for its page `docs/errors/<code>.md`. */
export interface FaultPage {
  readonly means: string;
  readonly remedy: string;
}

export const faultPages: Readonly<Record<string, FaultPage>> = {
  'bad-request': {
    means: 'The address or a header of the request could not be read.',
    remedy: 'Check how the address is encoded and what the headers say.',
  },
  'bad-setting': {
    means: 'An environment variable has a value that cannot be used, so the server does not start.',
    remedy: 'Correct the one that is named; `docs/operations.md` lists them all.',
  },
  'body-not-json': {
    means: 'The body says that it is JSON and is not.',
    remedy: 'Send one JSON value: names and texts in double quotes, no comma after the last entry.',
  },
  'body-too-large': {
    means: 'The body is larger than is taken here: 32 MB by the API, what its node says by a webhook.',
    remedy: 'Send less at once, or raise "Largest body" in the webhook node.',
  },
  'disk-full': {
    means:
      'The disk that holds `SLUICE_HOME` has no space left. Runs, webhooks and changes are refused; runs that were accepted before wait, with nothing lost.',
    remedy:
      'Free space or make the disk larger. The server notices within seconds and goes on by itself; it need not be started again.',
  },
  'disk-not-writable': {
    means: 'The disk that holds `SLUICE_HOME` is mounted read-only, or fails when it is written.',
    remedy:
      'Look into the system log for the reason, mend and mount the disk, and start the server again: what was accepted goes on.',
  },
  'broken-file': {
    means:
      'The file of a workflow in the workspace folder was changed outside of Sluice and is not a workflow any more.',
    remedy: 'Restore an earlier state from the history, or correct the file; the problems listed say where.',
  },
  'call-not-begun': {
    means:
      'The step was cancelled or ran out of time while a call waited for its turn, as the limits of its credential ask. Nothing was sent.',
    remedy:
      'Restart the run. If steps run out of time while they wait, give them more time, or raise the limits of the credential.',
  },
  'cannot-listen': {
    means: 'The operating system does not let the program listen on this address and port.',
    remedy: 'Ports below 1024 are for the system; choose another `PORT`. `HOST` must be an address of this machine.',
  },
  'changed-meanwhile': {
    means: 'Somebody else saved the workflow after you read it, so your write would have undone theirs.',
    remedy: 'Load the newest state and make your change again. Your own state is still on your screen.',
  },
  'credential-exists': {
    means: 'Credentials are named by their id in workflows, so two cannot have the same.',
    remedy: 'Choose another id, or change the credential that has it.',
  },
  'credential-in-use': {
    means: 'Workflows connect with this credential and could not run without it.',
    remedy: 'Choose another credential in the workflows that are named, then delete this one.',
  },
  'credential-incomplete': {
    means: 'A value that this kind of account needs is missing or has the wrong form.',
    remedy: 'Open the credential and fill in the fields that are named.',
  },
  'credential-paused': {
    means:
      'The service has asked for a pause of more than five minutes ("Retry-After"), which holds for every run with this credential.',
    remedy:
      'Restart the run when the time that is named is over. To stay below what the service allows, set limits in the credential.',
  },
  'email-taken': {
    means: 'An e-mail address signs in one user alone.',
    remedy: 'Use another address, or change the user who has it.',
  },
  'foreign-origin': {
    means:
      'A page of another site tried to change something in the name of who is signed in here, which is how forged requests work.',
    remedy: 'Use the pages of this server. Programs send an API token, and are not refused.',
  },
  'home-in-use': {
    means: 'One process at a time works on a data folder, and another one does already.',
    remedy:
      'Use the server that is running, or stop it first. For a second, separate one set `SLUICE_HOME` to another folder.',
  },
  'last-administrator': {
    means: 'Without an administrator nobody could make users or give roles any more.',
    remedy: 'Make another user an administrator first.',
  },
  'no-practice-service': {
    means:
      'The credential is set to practice, and there is no practice service for its kind of account, or it is not running.',
    remedy: 'Switch it to the real account and fill in its values.',
  },
  'no-preview': {
    means: 'Only nodes that can read what they would change can tell it beforehand.',
    remedy: 'Try the node with a few records on a practice service.',
  },
  'no-such-address': {
    means: 'Nothing is served at this address.',
    remedy: 'The API is described at `/api/v1/openapi.json`.',
  },
  'no-such-credential': {
    means:
      'A node names a credential that does not exist, perhaps because it was deleted or the workflow comes from elsewhere.',
    remedy: 'Choose another one in the node, or make one with this id.',
  },
  'no-such-credential-type': {
    means: 'No connector that is installed here knows this kind of account.',
    remedy: 'Choose one of the kinds that are listed.',
  },
  'no-such-port': {
    means: 'The step has no input or output of that name, so there are no records to be shown.',
    remedy: 'Name one of those that the answer lists. Without a name, the first one with records is shown.',
  },
  'no-such-webhook': {
    means: 'No published workflow listens at this path.',
    remedy: 'Compare the path with that of the webhook node, and publish the workflow.',
  },
  'not-a-trigger': {
    means: 'A run begins with a trigger, and the node that was named under "trigger" is another kind of step.',
    remedy:
      'Name one of the triggers of the workflow, or none to begin with the first. To run a step by itself, name it under "only".',
  },
  'not-allowed': {
    means: 'The role of the user or token does not include this.',
    remedy: 'Ask an administrator for a role that does; `docs/operations.md` lists them.',
  },
  'not-asked': {
    means: 'The approval names people, and you are not among them.',
    remedy: 'Tell one of them, or an administrator.',
  },
  'not-published': {
    means: 'Only what is published runs by itself or through the API.',
    remedy: 'Publish the workflow, or ask for its draft with `"draft": true`.',
  },
  'not-signed-in': {
    means: 'The request has neither a valid session nor a valid token.',
    remedy: 'Sign in, or send `Authorization: Bearer <token>`. A token may have been revoked.',
  },
  'nothing-to-restart': {
    means: 'A restart goes on from the step that did not end well, and every step of this run did.',
    remedy: 'Name the step to start from. From its trigger on, all of it is done again.',
  },
  'not-valid': {
    means: 'The workflow has problems that keep it from being saved, published or run. Nothing was changed.',
    remedy: 'Go through the problems that came with it; each says where it is and what to do.',
  },
  'not-waiting': {
    means:
      'The step does not wait for an answer any more: somebody else gave it, the time ran out, or the run has ended.',
    remedy: 'Look at the run.',
  },
  'other-id': {
    means: 'The id of a workflow never changes, since addresses and other workflows name it.',
    remedy: 'Use the same id in the address and in the document, or make a new workflow.',
  },
  'outside-of-run': {
    means: 'A dropdown, preview or trigger tried to wait or to start a workflow, which only a step of a run can.',
    remedy: 'This is a fault of the node; report it to who made it.',
  },
  overlapping: {
    means: 'A run of the workflow is on, and its `overlap` says to leave out a run meanwhile.',
    remedy: 'Wait for its end, cancel it, or set `overlap` to `queue`.',
  },
  'port-in-use': {
    means: 'Another program listens on the port, perhaps another Sluice.',
    remedy: 'Stop it, or start with another port, such as `PORT=4401 npm start`.',
  },
  'revision-needed': {
    means: 'A draft is saved over a state that the writer has seen, so that nobody’s changes are lost.',
    remedy: 'Send the `revision` of that state in the header `If-Match`.',
  },
  'role-above-own': {
    means: 'A token may do at most what its maker may.',
    remedy: 'Choose a role that is not above your own.',
  },
  'record-not-found': {
    means: 'The step has fewer records at this output or input, or none by this name.',
    remedy: 'Look at the records of the step; the API counts their positions from 0.',
  },
  'round-not-kept': {
    means:
      'Of the rounds of a container that have ended, the first one is kept step by step, and some that failed. The others are only counted, so that a run of a million rounds is no burden.',
    remedy:
      'Look at one of the rounds that the run lists for the step under `inRounds`. What the other rounds gave is in the output of the container. To look at one of them step by step, run the workflow on its records alone.',
  },
  'run-has-ended': { means: 'A run that has ended cannot be cancelled.', remedy: 'Restart it if it should run again.' },
  'run-still-on': { means: 'A run is restarted once it has ended.', remedy: 'Wait for its end, or cancel it first.' },
  'runs-in-rounds': {
    means:
      'A step inside a container gets its records from a round of the container, so there is nothing to run it on by itself.',
    remedy: 'Run the container by itself, with sample data before it; each step inside then shows what it did.',
  },
  'sign-in-refused': {
    means: 'There is no user with this e-mail address and password. Which of the two is wrong is not told.',
    remedy: 'Check both. An administrator can set a new password under Settings.',
  },
  'sign-up-closed': {
    means: 'Only the first account, the owner’s, is made by signing up.',
    remedy: 'Ask an administrator to make an account for you under Settings.',
  },
  'too-many-tries': {
    means: 'Many sign-ins from this address failed within a minute.',
    remedy: 'Wait a minute, then try again.',
  },
  'trigger-is-gone': {
    means:
      'A restarted run begins with the records of the trigger that started it. The newest version of the workflow has no such trigger.',
    remedy: 'Restart the run on its own version, put the trigger back, or start a new run.',
  },
  'unsupported-encoding': {
    means: 'The body is compressed or encoded in a way that is not understood.',
    remedy: 'Send UTF-8, plain or compressed with gzip, deflate or br.',
  },
  'webhook-path-taken': {
    means: 'Another published workflow answers this path already, so that a call would not know where to go.',
    remedy: 'Give one of the two webhook nodes another path, or take the other workflow offline.',
  },
  'webhook-refused': {
    means: 'The webhook asks for a token, user and password or signature, and what was sent is missing or wrong.',
    remedy: 'Compare with the credential of the webhook node. A signature is over the exact bytes of the body.',
  },
  'workflow-exists': {
    means: 'There is a workflow of this id already.',
    remedy: 'Choose another id, change the one that is there, or import with `replace`.',
  },
  'wrong-content-type': {
    means: 'The API takes JSON, and the request says that its body is something else.',
    remedy: 'Send the header `Content-Type: application/json`.',
  },
  'wrong-key': {
    means: 'The credential was encrypted with another key than the server has now.',
    remedy:
      'Start with the key that it was made with: `SLUICE_KEY`, or the file `key` of the data folder. If it is lost, delete the credential and make it again.',
  },
  'wrong-method': {
    means: 'The webhook is there, but does not take calls of this method.',
    remedy: 'Use one of the methods that are named, or add this one in the webhook node.',
  },
  'wrong-shape': {
    means: 'A field of the request is missing, has the wrong type, or its value is not allowed.',
    remedy: 'Each field at fault is named in `detail`. The forms are described at `/api/v1/openapi.json`.',
  },
};
