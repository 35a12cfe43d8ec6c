/** What the file system says, as answers; a path of the agent's own machine is never part of them. */
import { errorCode } from '../../protocol/dial-fault.ts';
import { Fault, type FaultCode } from '../../protocol/fault.ts';

const WORDINGS: Readonly<Record<string, readonly [code: FaultCode, sentence: string]>> = {
  ENOENT: ['not-found', 'There is no such file or folder.'],
  ENOTDIR: ['bad-request', 'A part of the path is a file, not a folder.'],
  EISDIR: ['conflict', 'This is a folder, not a file.'],
  ELOOP: ['bad-request', 'Too many symbolic links.'],
  ENAMETOOLONG: ['bad-request', 'The name is too long.'],
  ENOTEMPTY: ['conflict', 'The folder is not empty.'],
  EEXIST: ['conflict', 'It exists already.'],
  EXDEV: ['conflict', 'The two paths are on different file systems.'],
  EBUSY: ['conflict', 'It is in use.'],
  EACCES: ['internal', "The agent's account may not do this with the file."],
  EPERM: ['internal', "The agent's account may not do this with the file."],
  EROFS: ['internal', 'The file system is mounted read-only.'],
  ENOSPC: ['internal', 'The disk is full.'],
  EDQUOT: ['internal', 'The disk quota is used up.'],
};

/** The error as a Fault; a Fault stays itself. */
export function browseFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown;
  const code = errorCode(thrown);
  const [fault, sentence] = WORDINGS[code] ?? ['internal', `The file system failed (${code}).`];
  return new Fault(fault, sentence, { cause: thrown });
}
