using System.Net;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Sync;
using EnterprisePortal.ServiceDefaults.AccountApi;
using MassTransit;
using Microsoft.Extensions.Options;

namespace EnterprisePortal.Sync;

/// <summary>
/// Streams one account's snapshot into messages, never holding more than a few chunks. They are published directly, with confirms and several
/// at a time, not through the outbox: a reading that breaks off is simply done again, and its chunks count for nothing without SnapshotCompleted.
/// </summary>
public sealed class ReadAccount(AccountApiClient accounts, IBus bus, IOptions<SyncOptions> options, TimeProvider clock)
{
    const int ChunkSize = 250, InFlight = 8;
    static readonly TimeSpan ConfirmWithin = TimeSpan.FromSeconds(30);

    /// <param name="followed">Its change feed is being followed.</param>
    /// <exception cref="AccountUnavailable">The account did not answer, broke off, or sent something that is not its complete snapshot.</exception>
    /// <returns>Where the account's change feed goes on from this snapshot; null where it has none.</returns>
    public async Task<string?> Read(Guid snapshotId, AccountState account, bool followed, CancellationToken cancel)
    {
        using var longest = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        longest.CancelAfter(options.Value.Longest);
        try
        {
            using var answer = await Ask(account, longest.Token);
            await using var stream = await answer.Content.ReadAsStreamAsync(longest.Token);
            return await Publish(snapshotId, account, followed, SnapshotStream.Read(stream, account.Code, options.Value.Patience, clock, longest.Token), longest.Token);
        }
        catch (OperationCanceledException e) when (longest.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new AccountUnavailable("The account took too long to send its snapshot.", e);
        }
    }

    async Task<HttpResponseMessage> Ask(AccountState account, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(options.Value.Patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, account.BaseUrl + AccountApiClient.Path + "snapshot") { Headers = { { "Accept", "application/x-ndjson" } } };
            var answer = await accounts.Send(account, request, patience.Token);
            if (answer.StatusCode == HttpStatusCode.OK && answer.Content.Headers.ContentType?.MediaType == "application/x-ndjson")
                return answer;
            answer.Dispose();
            throw new AccountUnavailable("The account sent something that is not a snapshot.");
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new AccountUnavailable("The account did not answer in time.", e);
        }
    }

    async Task<string?> Publish(Guid snapshotId, AccountState account, bool followed, IAsyncEnumerable<SnapshotLine> lines, CancellationToken cancel)
    {
        var (chunks, familyCount, nameCount, takenAt, cursor) = (0, 0, 0, default(DateTimeOffset), default(string));
        var (families, names, sending) = (new List<AccountFamily>(), new List<AccountName>(), new List<Task>());
        await foreach (var line in lines)
        {
            switch (line)
            {
                case SnapshotHeader header:
                    (takenAt, cursor) = (header.TakenAt, header.Cursor);
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

    async Task Send<T>(T message, CancellationToken cancel) where T : class
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(ConfirmWithin);
        try
        {
            await bus.Publish(message, deadline.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new AccountUnavailable("The portal could not pass the snapshot on. It is tried again.", e);
        }
    }
}
