// A link as a QR code: dark on white in every theme, with the quiet zone that readers need (ISO/IEC 18004 §5.3.8).
import { encodeQR } from 'qr';

const QUIET_ZONE = 4;

export function QrCode({ text, label }: { text: string; label: string }) {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET_ZONE });
  const path = rows
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  return (
    <div className="qr">
      <svg
        viewBox={`0 0 ${rows.length} ${rows.length}`}
        role="img"
        aria-label={label}
        shapeRendering="crispEdges"
      >
        <path fill="#000" d={path} />
      </svg>
    </div>
  );
}
