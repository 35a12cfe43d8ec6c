/** Signing in again: what is asked of the server, and what comes of it. */
import type { Invitation } from './invitation.ts';

/** What a filled form of signing in means. */
export type SignInDeed =
  | {
      readonly kind: 'sign-in';
      readonly username: string;
      readonly password: string;
      /** '' while the server has not asked for it. */
      readonly code: string;
    }
  | { readonly kind: 'key-sign-in'; readonly key: string }
  /** Answered by sign-in-invited, and in the end like sign-in. */
  | { readonly kind: 'provider-sign-in' }
  /** Of the second factor that is being turned on. */
  | { readonly kind: 'confirm-factor'; readonly code: string };

/** As OutsideEvent. */
export type SignInEvent =
  | {
      readonly kind: 'signed-in';
      readonly requestId: number;
      /** Undefined when it worked. */
      readonly why: string | undefined;
      /** Whether it is the code of the second factor that is missing or wrong. */
      readonly asksCode: boolean;
      readonly atMs: number;
    }
  /** How a person agrees at the OIDC provider, while a form waits for it. */
  | {
      readonly kind: 'sign-in-invited';
      readonly requestId: number;
      readonly invitation: Invitation;
      readonly atMs: number;
    }
  /** Instead of signed-in: the server requires a second factor of the account, and has made its secret. */
  | {
      readonly kind: 'factor-begun';
      readonly requestId: number;
      /** Base32. */
      readonly secret: string;
      /** The same as a QR code. */
      readonly picture: readonly string[];
      readonly atMs: number;
    }
  | {
      readonly kind: 'factor-confirmed';
      readonly requestId: number;
      readonly answer:
        | {
            readonly recoveryCodes: readonly string[];
            /** Why this console is not signed in all the same. */
            readonly why: string | undefined;
          }
        /** What is wrong with the code. */
        | { readonly why: string };
      readonly atMs: number;
    };

/** As Effect. */
export type SignInEffect =
  | (SignInDeed & { readonly requestId: number })
  | { readonly kind: 'stop-sign-in' };
