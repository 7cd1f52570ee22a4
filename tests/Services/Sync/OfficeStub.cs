using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Sync;

/// <summary>Account systems that answer the snapshot call, truthfully or not.</summary>
public sealed class OfficeStub(Clock clock)
{
    public delegate HttpContent Snapshot(string account);

    readonly Dictionary<string, Snapshot> answers = [];
    readonly Dictionary<string, Func<string, FamilyChanges?>> feeds = [];
    readonly List<string> asked = [];

    /// <summary>An account of which nothing is said has 600 families and answers well.</summary>
    public void Answers(string account, Snapshot snapshot) => answers[account] = snapshot;

    /// <summary>It offers a change feed, beginning at cursor <c>0</c>; null answers 410.</summary>
    public void Offers(string account, Func<string, FamilyChanges?> changesAfter) => feeds[account] = changesAfter;

    public int Asked(string account)
    {
        lock (asked)
            return asked.Count(code => code == account);
    }

    public HttpResponseMessage Answer(HttpRequestMessage request)
    {
        var account = request.RequestUri!.AbsolutePath.Split('/')[1];
        if (request.RequestUri.AbsolutePath.EndsWith("/changes", StringComparison.Ordinal))
            return feeds[account](request.RequestUri.Query.Split("after=")[1]) is { } changes ? new(HttpStatusCode.OK)
            { Content = JsonContent.Create(changes) } : new(HttpStatusCode.Gone);
        lock (asked)
            asked.Add(account);
        return new(HttpStatusCode.OK)
        {
            Content = answers.TryGetValue(account, out var snapshot) ? snapshot(account) : NdJson(Whole(account))
        };
    }

    /// <param name="rawFigures">JSON in place of the figures, which need not be any.</param>
    public byte[] Whole(
        string account,
        int families = 600,
        Func<SnapshotTrailer, SnapshotTrailer>? lie = null,
        IReadOnlyList<DayFigures>? figures = null,
        string? rawFigures = null)
    {
        var body = new MemoryStream();
        var header = JsonSerializer.SerializeToNode<SnapshotLine>(
            new SnapshotHeader(account, clock.GetUtcNow(), feeds.ContainsKey(account) ? "0" : null, figures), JsonSerializerOptions.Web)!;
        if (rawFigures is not null)
            header["figures"] = JsonNode.Parse(rawFigures);
        body.Write(Encoding.UTF8.GetBytes(header.ToJsonString() + '\n'));
        for (var number = 0; number < families; number++)
            Write(body, new AccountFamily(
                $"{number}", [new("Zoë", $"Smith {number}")], [$"zoe{number}@example.com"], ["+15125550100"], true));
        Write(body, new AccountName("level", "Penguin", 3));
        var trailer = new SnapshotTrailer(families, 1, Convert.ToHexStringLower(SHA256.HashData(body.ToArray())));
        Write(body, lie?.Invoke(trailer) ?? trailer);
        return body.ToArray();
    }

    public static HttpContent NdJson(byte[] body) => new ByteArrayContent(body) { Headers = { ContentType = new("application/x-ndjson") } };

    /// <summary>Sends this much, then nothing more, and does not end.</summary>
    public static HttpContent Hanging(byte[] start) =>
        new StreamContent(new Stalling(start)) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } };

    static void Write(Stream body, SnapshotLine line)
    {
        JsonSerializer.Serialize(body, line, JsonSerializerOptions.Web);
        body.WriteByte((byte)'\n');
    }

    sealed class Stalling(byte[] start) : MemoryStream(start)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (await base.ReadAsync(buffer, cancellationToken) is > 0 and var read)
                return read;
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }

    /// <summary>An enterprise of its own, so that tests do not wait for each other's accounts.</summary>
    public static DirectoryChanged Enterprise(Guid id, params string[] codes) => new(id, $"Enterprise {id}", 0,
        [new(id, $"Enterprise {id}", null, true, null, null, codes)],
        [.. codes.Select(Account)]);

    static AccountState Account(string code) => new(
        code, code, AccountState.Active, "America/Chicago", "US", $"http://office.example/{code}", """{"keys":[]}""");
}
