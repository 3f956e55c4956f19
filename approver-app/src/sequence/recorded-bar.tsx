// Says that what is shown comes from a file, and leads back to the server.
import { sequenceTexts } from '../texts/sequence.ts';
import { Prose } from '../ui/prose.tsx';

const { connection: texts } = sequenceTexts;

export function RecordedBar({ title, onClose }: { title: string; onClose?: () => void }) {
  return (
    <div className="strip strip--file" role="status">
      <span>
        <Prose text={texts.fileLead} values={{ title: <bdi>{title}</bdi> }} />
      </span>
      {onClose === undefined ? null : (
        <button type="button" className="btn btn--s" onClick={onClose}>
          {texts.close}
        </button>
      )}
    </div>
  );
}
