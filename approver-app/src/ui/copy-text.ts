// Copies a text and says so in the live region.
import { useCallback } from 'react';
import { sharedTexts } from '../texts/shared.ts';
import { useAnnounce } from './live-region.tsx';

export function useCopy(): (text: string, said?: string) => void {
  const announce = useAnnounce();
  return useCallback(
    (text, said = sharedTexts.app.copied) => {
      navigator.clipboard.writeText(text).then(
        () => announce(said),
        () => announce(sharedTexts.app.copyFailed),
      );
    },
    [announce],
  );
}
