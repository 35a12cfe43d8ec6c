/** Environments, their links and the forms for them: what is answered, what a key can mean, what is asked for. */
import type { LinkStatus } from '../../protocol/link-api.ts';
import type { MaintenanceWish } from '../../protocol/maintenance-wish.ts';
import type { AddedEnvironment, EnvironmentDraft } from '../../protocol/new-environment.ts';
import type { Outcome } from './outcome.ts';

/** As OutsideEvent. */
export type EnvironmentEvent =
  | {
      readonly kind: 'link-status';
      readonly requestId: number;
      readonly answer: LinkStatus | { readonly why: string };
      readonly atMs: number;
    }
  | {
      readonly kind: 'environment-added';
      readonly requestId: number;
      readonly answer: AddedEnvironment | { readonly why: string };
      readonly atMs: number;
    }
  | (Outcome & {
      readonly kind: 'maintained';
      readonly requestId: number;
      /** As it was sent; undefined when it was to end. */
      readonly wish: MaintenanceWish | undefined;
      readonly atMs: number;
    });

/** As Intent. */
export type EnvironmentIntent =
  | { readonly kind: 'open-environment'; readonly environmentId: number }
  /** From one view of an environment to the other. */
  | { readonly kind: 'tab' }
  | { readonly kind: 'open-link'; readonly environmentId: number }
  /** Asks whether the agent that waits for a word shall hold the environment. */
  | { readonly kind: 'ask-accept' }
  | {
      readonly kind: 'accept-agent';
      readonly environmentId: number;
      readonly fingerprint: string;
    }
  | { readonly kind: 'open-add' }
  | { readonly kind: 'ask-end-maintenance'; readonly ids: readonly number[] }
  | { readonly kind: 'end-maintenance'; readonly ids: readonly number[] }
  | { readonly kind: 'next-field'; readonly by: 1 | -1 }
  /** The form for signing in again. */
  | { readonly kind: 'open-sign-in' }
  | { readonly kind: 'submit' }
  /** Another way to start the new agent. */
  | { readonly kind: 'next-way'; readonly by: 1 | -1 };

/** As Effect. */
export type EnvironmentEffect =
  | { readonly kind: 'fetch-disk'; readonly requestId: number; readonly environmentId: number }
  | { readonly kind: 'stop-disk' }
  | { readonly kind: 'fetch-link'; readonly requestId: number; readonly environmentId: number }
  | { readonly kind: 'stop-link' }
  /** Answered like fetch-link. */
  | {
      readonly kind: 'accept-agent';
      readonly requestId: number;
      readonly environmentId: number;
      readonly fingerprint: string;
    }
  | {
      readonly kind: 'add-environment';
      readonly requestId: number;
      readonly draft: EnvironmentDraft;
    }
  | { readonly kind: 'stop-adding' }
  /** Begins the maintenance of these environments, or ends it without a wish. */
  | {
      readonly kind: 'maintain';
      readonly requestId: number;
      readonly ids: readonly number[];
      readonly wish: MaintenanceWish | undefined;
    };
