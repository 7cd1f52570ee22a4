using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using EnterprisePortal.Contracts.Activity;

namespace EnterprisePortal.Audit;

/// <summary>
/// Every enterprise's entries form a chain: changing, inserting or removing one is detected, because every later hash depends on it.
/// </summary>
public static class Chain
{
    /// <param name="Seq">The number of entries so far, and of the last one.</param>
    /// <param name="At">To the microsecond, as the database keeps it.</param>
    /// <param name="Signature">null if it is not signed yet.</param>
    public sealed record Head(Guid Enterprise, long Seq, byte[] Hash, DateTimeOffset At, string? Signature)
    {
        /// <summary>The text that is signed.</summary>
        public string Statement =>
            string.Create(CultureInfo.InvariantCulture, $"{Enterprise} {Seq} {Convert.ToHexStringLower(Hash)} {At.UtcDateTime:O}");

        public static Head? Read(string line) =>
            line.Split(' ') is [var enterprise, var seq, { Length: 2 * SHA256.HashSizeInBytes } hash, var at, var signature]
                && Guid.TryParse(enterprise, out var id)
                && long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && hash.All(char.IsAsciiHexDigitLower)
                && DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
                ? new(id, number, Convert.FromHexString(hash), moment, signature) : null;
    }

    /// <summary>The hash at which every chain begins.</summary>
    public static readonly byte[] Start = new byte[SHA256.HashSizeInBytes];

    /// <summary>SHA-256 over the previous hash and the entry as a JSON array, whose quoting keeps adjacent fields apart.</summary>
    public static byte[] Link(long seq, ActivityRecorded entry, byte[] before)
    {
        var fields = JsonSerializer.SerializeToUtf8Bytes(new[]
        {
            seq.ToString(CultureInfo.InvariantCulture), $"{entry.Id}", entry.At.ToString("O", CultureInfo.InvariantCulture),
            $"{entry.EnterpriseId}",
            entry.Person.Id?.ToString(), entry.Person.Name, entry.Person.Email, entry.Person.Level, $"{entry.Person.GroupId}",
            entry.Action, entry.Subject, entry.Account, entry.Source, entry.Ip, entry.Details
        });
        return SHA256.HashData([.. before, .. fields]);
    }
}
