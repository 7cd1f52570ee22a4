using System.Net;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Sync;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Directory;
using MassTransit;
using Microsoft.Extensions.Options;

namespace EnterprisePortal.Sync;

/// <summary>
/// Streams one account's snapshot into messages, never holding more than a few chunks. They are published directly, with confirms and
/// several at a time, not through the outbox: an interrupted reading is simply repeated, and its chunks are ignored without
/// SnapshotCompleted.
/// </summary>
public sealed class ReadAccount(
    AccountApiClient accounts, IBus bus, DirectoryReplica directory, IOptions<SyncOptions> options, TimeProvider clock)
{
    const int ChunkSize = 250, InFlight = 8;
    static readonly TimeSpan ConfirmDeadline = TimeSpan.FromSeconds(30);

    /// <param name="followed">Its change feed is being followed.</param>
    /// <exception cref="AccountUnavailable">The account did not answer, broke off, or sent something that is not its complete
    /// snapshot.</exception>
    /// <returns>Where the account's change feed continues after this snapshot; null if it has none.</returns>
    public async Task<string?> Read(Guid snapshotId, AccountState account, bool followed, CancellationToken cancel)
    {
        return await AccountCall.Within(options.Value.LongestReading, clock, async token =>
        {
            using var answer = await Ask(account, token);
            await using var stream = await answer.Content.ReadAsStreamAsync(token);
            return await Publish(snapshotId, account, followed,
                SnapshotStream.Read(stream, account.Code, options.Value.Deadline, clock, token), token);
        }, cancel, "The account took too long to send its snapshot.");
    }

    async Task<HttpResponseMessage> Ask(AccountState account, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "snapshot") { Headers = { { "Accept", "application/x-ndjson" } } };
        var answer = await accounts.Send(account, request, options.Value.Deadline, cancel);
        if (answer.StatusCode == HttpStatusCode.OK && answer.Content.Headers.ContentType?.MediaType == "application/x-ndjson")
            return answer;
        answer.Dispose();
        throw new AccountUnavailable("The account sent something that is not a snapshot.");
    }

    async Task<string?> Publish(
        Guid snapshotId,
        AccountState account,
        bool followed,
        IAsyncEnumerable<SnapshotLine> lines,
        CancellationToken cancel)
    {
        var (chunks, familyCount, nameCount, takenAt, cursor) = (0, 0, 0, default(DateTimeOffset), default(string));
        var (families, names, sending) = (new List<AccountFamily>(), new List<AccountName>(), new List<Task>());
        IReadOnlyList<DayFigures>? figures = null;
        await foreach (var line in lines)
        {
            switch (line)
            {
                case SnapshotHeader header:
                    (takenAt, cursor, figures) = (header.TakenAt, header.Cursor, header.Figures);
                    await Send(new SnapshotStarted(snapshotId, account.Code, takenAt), cancel);
                    break;
                case AccountFamily family:
                    families.Add(family);
                    familyCount++;
                    break;
                case AccountName name:
                    names.Add(name);
                    nameCount++;
                    break;
            }
            if (families.Count + names.Count == ChunkSize)
                await SendChunk();
        }
        if (families.Count + names.Count > 0)
            await SendChunk();
        await Task.WhenAll(sending);
        await Send(new FiguresRead(account.Code, takenAt, figures is not null,
            figures ?? [new(directory.DayOf(account.Code, takenAt), familyCount, null, null, null, null)]), cancel);
        await Send(new SnapshotCompleted(snapshotId, account.Code, takenAt, chunks, familyCount, nameCount, followed), cancel);
        return cursor;

        async Task SendChunk()
        {
            if (sending.Count == InFlight)
            {
                await Task.WhenAll(sending);
                sending.Clear();
            }
            sending.Add(Send(new SnapshotChunk(snapshotId, account.Code, chunks++, families, names), cancel));
            (families, names) = ([], []);
        }
    }

    Task Send<T>(T message, CancellationToken cancel) where T : class => AccountCall.Within(ConfirmDeadline, clock, async token =>
    {
        await bus.Publish(message, token);
        return true;
    }, cancel, "The portal could not pass the snapshot on. It is tried again.");
}
