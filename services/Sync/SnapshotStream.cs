using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.ServiceDefaults.AccountApi;

namespace EnterprisePortal.Sync;

/// <summary>
/// Reads a snapshot line by line and trusts none of it: order, sizes, counts and checksum are checked along the way. A reader that reaches
/// the end without an exception has seen a complete, correct snapshot.
/// </summary>
static partial class SnapshotStream
{
    const int LongestLine = 1 << 20, MostLines = 5_000_000;
    static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);
    static readonly SnapshotJson Json =
        new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            AllowOutOfOrderMetadataProperties = true, RespectNullableAnnotations = true
        });

    [JsonSerializable(typeof(SnapshotLine))]
    sealed partial class SnapshotJson : JsonSerializerContext;

    /// <param name="deadline">The longest wait for the next bytes.</param>
    public static async IAsyncEnumerable<SnapshotLine> Read(
        Stream stream, string account, TimeSpan deadline, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var pipe = PipeReader.Create(stream, new(bufferSize: 64 * 1024));
        var (families, names, lines, ended) = (0, 0, 0, false);
        var here = new List<SnapshotLine>();
        while (true)
        {
            var read = await ReadOn(pipe, deadline, clock, cancel);
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                var bytes = rest.Slice(0, rest.GetPosition(1, end));
                rest = rest.Slice(bytes.End);
                var line = Parse(bytes, ++lines);
                if (ended)
                    throw Broken("The account's snapshot goes on after its end.");
                if ((lines == 1) != (line is SnapshotHeader))
                    throw Broken("The account's snapshot does not begin with its header, or has two.");
                switch (line)
                {
                    case SnapshotHeader header when header.Account != account:
                        throw Broken($"The account sent the snapshot of another account ({header.Account}).");
                    case SnapshotHeader header when header.TakenAt > clock.GetUtcNow() + ClockSkew:
                        throw Broken("The account's clock is ahead of ours. Its snapshot would hide all later ones.");
                    case SnapshotHeader { Figures: { } figures } header when UnusableFigures.Why(figures, header.TakenAt) is { } why:
                        throw Broken($"The account's figures do not follow the Account API: {why}.");
                    case AccountFamily:
                        families++;
                        break;
                    case AccountName:
                        names++;
                        break;
                    case SnapshotTrailer trailer:
                        if (trailer.Families != families || trailer.Names != names)
                            throw Broken(
                                $"The account says it sent {trailer.Families} families and {trailer.Names} names; "
                                + $"{families} and {names} arrived.");
                        if (trailer.Sha256 != Convert.ToHexStringLower(hash.GetCurrentHash()))
                            throw Broken("The account's snapshot was damaged on its way (checksum).");
                        ended = true;
                        break;
                }
                foreach (var part in bytes)
                    hash.AppendData(part.Span);
                here.Add(line);
            }
            foreach (var line in here)
                yield return line;
            here.Clear();
            if (rest.Length > LongestLine || lines > MostLines)
                throw Broken("The account's snapshot is too large.");
            pipe.AdvanceTo(rest.Start, rest.End);
            if (!read.IsCompleted)
                continue;
            await pipe.CompleteAsync();
            if (!ended || rest.Length > 0)
                throw Broken("The account's snapshot broke off.");
            yield break;
        }
    }

    static Task<ReadResult> ReadOn(PipeReader pipe, TimeSpan deadline, TimeProvider clock, CancellationToken cancel) =>
        AccountCall.Within(deadline, clock, async token =>
        {
            try
            {
                return await pipe.ReadAsync(token);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
            {
                throw new AccountUnavailable("The account's snapshot broke off.", e);
            }
        }, cancel, "The account stopped sending in the middle of its snapshot.");

    static SnapshotLine Parse(ReadOnlySequence<byte> bytes, int number)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            var line = JsonSerializer.Deserialize(ref reader, Json.SnapshotLine) ?? throw new JsonException("null");
            return IsUsable(line) ? line : throw new JsonException("Values outside the contract.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new AccountUnavailable($"Line {number} of the account's snapshot does not follow the Account API.", e);
        }
    }

    static bool IsUsable(SnapshotLine line) => line switch
    {
        AccountFamily family => family is { Id.Length: > 0 and <= 64, Guardians.Count: <= 50, Emails.Count: <= 50, Phones.Count: <= 50 }
            && family.Guardians.All(guardian => guardian is { FirstName.Length: <= 200, LastName.Length: <= 200 })
            && family.Emails.All(email => email is { Length: > 0 and <= 320 })
            && family.Phones.All(phone => phone is { Length: > 0 and <= 32 }),
        AccountName name => name is { Kind: "level" or "program" or "charge-category", Name.Length: > 0 and <= 500, Uses: >= 0 },
        SnapshotHeader header => header.Account.Length > 0 && header.TakenAt != default,
        _ => true
    };

    static AccountUnavailable Broken(string problem) => new(problem);
}
