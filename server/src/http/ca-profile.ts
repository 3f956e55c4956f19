// The certificate authority as a configuration profile of Apple: installed and removed under its own name, and again under
// the same one, instead of as a file without words. https://developer.apple.com/documentation/devicemanagement/certificateroot
import type { X509Certificate } from 'node:crypto';

/** @param owner what people call the tenant */
export function writeCaProfile(ca: X509Certificate, owner: string): string {
  const certificate = ca.raw.toString('base64').replace(/.{1,64}/g, '\t\t\t$&\n');
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>PayloadType</key><string>Configuration</string>
	<key>PayloadVersion</key><integer>1</integer>
	<key>PayloadIdentifier</key><string>assent.${stableId(ca, 0)}</string>
	<key>PayloadUUID</key><string>${stableId(ca, 0)}</string>
	<key>PayloadDisplayName</key><string>Assent test server</string>
	<key>PayloadDescription</key><string>Lets this device trust the test server of ${escapeXml(owner)}. Remove it when the tests are over.</string>
	<key>PayloadRemovalDisallowed</key><false/>
	<key>PayloadContent</key>
	<array>
		<dict>
			<key>PayloadType</key><string>com.apple.security.root</string>
			<key>PayloadVersion</key><integer>1</integer>
			<key>PayloadIdentifier</key><string>assent.${stableId(ca, 16)}</string>
			<key>PayloadUUID</key><string>${stableId(ca, 16)}</string>
			<key>PayloadDisplayName</key><string>Assent, for this computer only</string>
			<key>PayloadCertificateFileName</key><string>assent-ca.crt</string>
			<key>PayloadContent</key>
			<data>
${certificate}			</data>
		</dict>
	</array>
</dict>
</plist>
`;
}

/** The same certificate has the same ids, so that a second installation replaces the first. Sixteen bytes of its hash. */
function stableId(ca: X509Certificate, offset: number): string {
  const hex = ca.fingerprint256.replaceAll(':', '').slice(offset * 2, offset * 2 + 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
