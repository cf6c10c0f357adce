// SPDX-License-Identifier: Apache-2.0
import Foundation

/// SHA-256 hashes of certificates and keys, as lower hexadecimal.
enum CertificateHashDecoder {
    /// 64 digits, with or without colons between bytes.
    static func hexadecimal(_ texts: [String], _ context: FieldContext, _ name: String) throws(DecodingError) -> Set<String> {
        var hashes: Set<String> = []
        for (index, text) in texts.enumerated() {
            let digits = text.filter { $0 != ":" }.lowercased()
            guard digits.utf8.count == 64, digits.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
                throw context.element(name, index).error("is no SHA-256 in hexadecimal")
            }
            hashes.insert(digits)
        }
        return hashes
    }

    static func base64(_ texts: [String], _ context: FieldContext, _ name: String) throws(DecodingError) -> Set<String> {
        var hashes: Set<String> = []
        for (index, text) in texts.enumerated() {
            guard let bytes = Data(base64Encoded: text), bytes.count == 32 else {
                throw context.element(name, index).error("is no SHA-256 in base64")
            }
            hashes.insert(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
        }
        return hashes
    }
}
