/** Actions of the audit log in words: the sign-in service's own, and operations of the API by their id. */
const known: Readonly<Record<string, string>> = {
  signUp: 'made the owner account',
  signIn: 'signed in',
  signInRefused: 'could not sign in',
  createWorkflow: 'made the workflow',
  replaceWorkflow: 'replaced the workflow',
  saveDraft: 'changed the draft of',
  deleteWorkflow: 'deleted the workflow',
  publishWorkflow: 'published',
  unpublishWorkflow: 'took offline',
  restoreWorkflow: 'restored a past state of',
  importWorkflow: 'imported',
  useStarter: 'used the starter',
  startRun: 'started',
  cancelRun: 'cancelled the run',
  restartRun: 'restarted the run',
  answerStep: 'answered a step of the run',
  createCredential: 'made the credential',
  changeCredential: 'changed the credential',
  deleteCredential: 'deleted the credential',
  testCredential: 'tested the credential',
  testCredentialValues: 'tested values of a credential',
  getCredential: 'opened the credential',
  createToken: 'made the API token',
  deleteToken: 'revoked the API token',
  createUser: 'invited the user',
  changeUser: 'changed the user',
  deleteUser: 'removed the user',
  replaceVars: 'changed the variables',
  replaceSettings: 'changed the settings',
  replaceSamples: 'replaced the samples of',
  putSample: 'kept a sample of',
  deleteSample: 'deleted a sample of',
};

/** An action that has no words yet is shown by its own name, spaced: `previewChanges` -> "preview changes". */
export function auditWords(action: string): string {
  return (
    known[action] ??
    action
      .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
      .replaceAll('.', ' ')
      .toLowerCase()
  );
}
