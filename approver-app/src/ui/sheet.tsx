// A modal sheet from the bottom edge. Escape, the scrim and the back gesture close it, and closing never decides anything.
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

interface SheetProps {
  title: ReactNode;
  isOpen: boolean;
  onClose(): void;
  children: ReactNode;
}

export function Sheet({ title, isOpen, onClose, children }: SheetProps) {
  return (
    <ModalOverlay
      className="scrim"
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className="sheet">
        <Dialog className="sheet-body">
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
