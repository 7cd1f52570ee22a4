using System.Diagnostics;

namespace EnterprisePortal.Benchmarks;

/// <summary>People who search, each as soon as the answer before is there.</summary>
static class Readers
{
    /// <returns>Milliseconds of every search.</returns>
    public static async Task<List<double>> Ask(
        Func<Question, Task> ask, Func<Random, int, Question> question, int families, int clients, CancellationToken until)
    {
        var each = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var (took, random) = (new List<double>(), new Random(client));
            while (!until.IsCancellationRequested)
            {
                var next = question(random, random.Next(families));
                var started = Stopwatch.GetTimestamp();
                await ask(next);
                took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            return took;
        }, CancellationToken.None)));
        return [.. each.SelectMany(took => took)];
    }

    public static async Task<List<double>> Ask(
        Func<Question, Task> ask, Func<Random, int, Question> question, int families, int clients, TimeSpan time)
    {
        using var until = new CancellationTokenSource(time);
        return await Ask(ask, question, families, clients, until.Token);
    }

    public static async Task OverHttp(HttpClient http, Question question)
    {
        using var answer = await http.GetAsync(
            new Uri($"api/search/families?name={question.Name}&email={question.Email}&phone={question.Phone}", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }
}
